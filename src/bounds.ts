import { usageError } from './errors.js'

/** What a number may be. */
export interface Bounds {
  /** Lower bound that is not allowed itself. */
  above?: number
  least?: number
  most?: number
  isWhole?: boolean
}

/** The option of the command line that says a rule. */
export function optionOf(rule: string): string {
  return `--${rule.replaceAll('_', '-')}`
}

/** Checks the value of a rule. Throws a usage error that names its option. */
export function checkBounds(rule: string, value: number, bounds: Bounds): void {
  if (isWithin(value, bounds)) return
  throw usageError({ what: `"${value}" is not possible`, where: optionOf(rule), expected: described(bounds) })
}

function isWithin(value: number, { above = -Infinity, least = -Infinity, most = Infinity, isWhole = false }: Bounds): boolean {
  return value > above && value >= least && value <= most && Number.isFinite(value) && (!isWhole || Number.isInteger(value))
}

function described({ above, least, most, isWhole = false }: Bounds): string {
  const kind = isWhole ? 'a whole number' : 'a number'
  const low = above === undefined ? `of at least ${least ?? 0}` : `above ${above}`
  return most === undefined ? `${kind} ${low}` : `${kind} ${low}, at most ${most}`
}
