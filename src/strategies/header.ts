import { DgasError, nearest, usageError } from '../errors.js'
import type { SqlValue } from '../database/quote.js'

/** The types that a strategy's parameter can have. */
export const parameterTypes = ['double', 'integer', 'boolean', 'text'] as const
export type ParameterType = (typeof parameterTypes)[number]

/** A parameter as a strategy's header declares it: `-- @param name type = default [low, high] what it does`. */
export interface StrategyParameter {
  name: string
  type: ParameterType
  default: SqlValue
  /** Inclusive bounds of a number; null: none. */
  low: number | null
  high: number | null
  meaning: string
}

/** What the comment at the top of a strategy file says. */
export interface StrategyHeader {
  /** What the strategy believes, in one sentence. */
  sentence: string
  /** Bars that a symbol must have for the strategy to say anything: `-- @minimum_bars 7`; default 2. */
  minimumBars: number
  parameters: StrategyParameter[]
}

const declaration =
  /^--\s*@param\s+(?<name>[a-z_]\w*)\s+(?<type>\w+)\s*=\s*(?<value>'[^']*'|\S+)\s*(?:\[\s*(?<low>[^,\]]*?)\s*,\s*(?<high>[^,\]]*?)\s*\])?\s*(?<meaning>.*)$/

/** Reads the header of a strategy. Throws a `DgasError` with the line of a declaration that it cannot read. */
export function parseHeader(text: string, file: string): StrategyHeader {
  const comments = leadingComments(text)
  const said = comments.filter((line) => !/@param|@minimum_bars/.test(line)).map((line) => line.replace(/^--\s?/, ''))
  const parameters = comments.flatMap((line, index) => {
    return line.includes('@param') ? [parseParameter(line, `${file}, line ${index + 1}`)] : []
  })
  const minimumBars = Number(/^--\s*@minimum_bars\s+(\d+)\s*$/m.exec(comments.join('\n'))?.[1] ?? 2)
  return { sentence: said.join(' ').trim(), minimumBars, parameters }
}

/**
 * Returns the value of every parameter: the given text where `--param name=value` has it, else the default.
 * Throws a usage error for an unknown name, a value that is not of the type, or one out of bounds.
 */
export function parameterValues(
  header: StrategyHeader,
  given: Readonly<Record<string, string>>,
  strategy: string,
): Record<string, SqlValue> {
  const names = header.parameters.map(({ name }) => name)
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw unknownParameter(name, names, strategy)
  }
  return Object.fromEntries(
    header.parameters.map((parameter) => {
      const { name } = parameter
      return [name, name in given ? parseValue(parameter, given[name], `--param ${name}`) : parameter.default]
    }),
  )
}

function leadingComments(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  const end = lines.findIndex((line) => line !== '' && !line.startsWith('--'))
  return lines.slice(0, end === -1 ? undefined : end).filter((line) => line !== '')
}

function parseParameter(line: string, where: string): StrategyParameter {
  const found = declaration.exec(line)?.groups
  if (found === undefined) {
    const expected = '-- @param name type = default [low, high] meaning'
    throw new DgasError({ what: `cannot read the parameter "${line}"`, where, expected })
  }
  const { name, type, value, low, high, meaning } = found
  if (!isParameterType(type)) {
    const expected = parameterTypes.join(', ')
    throw new DgasError({ what: `unknown type "${type}" of ${name}`, where, expected, nearest: nearest(type, parameterTypes) })
  }
  const parameter = { name, type, default: null, low: bound(low), high: bound(high), meaning }
  return { ...parameter, default: parseValue(parameter, value.replace(/^'(.*)'$/, '$1'), where) }
}

function isParameterType(type: string): type is ParameterType {
  return (parameterTypes as readonly string[]).includes(type)
}

function bound(text: string | undefined): number | null {
  return text === undefined || text === '' ? null : Number(text)
}

function parseValue(parameter: StrategyParameter, text: string, where: string): SqlValue {
  const { name, type } = parameter
  if (type === 'text') return text
  if (type === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true'
    throw usageError({ what: `"${text}" is no value of ${name}`, where, expected: 'true or false' })
  }
  const value = Number(text)
  const isOfType = text.trim() !== '' && Number.isFinite(value) && (type === 'double' || Number.isInteger(value))
  if (!isOfType || value < (parameter.low ?? -Infinity) || value > (parameter.high ?? Infinity)) {
    throw usageError({ what: `"${text}" is no value of ${name}`, where, expected: allowed(parameter) })
  }
  return value
}

function allowed({ type, low, high }: StrategyParameter): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number'
  if (low !== null && high !== null) return `${kind} from ${low} to ${high}`
  if (low !== null) return `${kind} of at least ${low}`
  return high === null ? kind : `${kind} of at most ${high}`
}

function unknownParameter(name: string, names: string[], strategy: string): DgasError {
  return usageError({
    what: `the strategy ${strategy} has no parameter "${name}"`,
    where: '--param',
    expected: names.length === 0 ? 'none: it has no parameters' : names.join(', '),
    nearest: nearest(name, names),
  })
}
