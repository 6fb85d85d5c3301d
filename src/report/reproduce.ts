import { optionOf } from '../bounds.js'
import { geometryNames, parameterOf, usualGeometry, type GeometrySpec } from '../models/parameters.js'
import { rules, type Rules } from '../simulation/rules.js'
import type { RunRecord } from './record.js'

/** What `run.json` keeps of the choices of a backtest. */
interface Configuration extends GeometrySpec {
  symbols: readonly string[] | null
  universe: string
  where: string | null
  timeframe: string
  higher: readonly string[]
  from: string | null
  to: string | null
  minSuccess: number
  benchmark: string | null
  trials: number | null
  byState: boolean
  strategy: string
  parameters: Readonly<Record<string, unknown>>
  rules: Partial<Rules>
}

/**
 * Returns the command that makes a run again, with every choice on which its results depend and that differs from its default;
 * `store` as the user named it. How the work is cut into batches and repeated makes no difference.
 */
export function reproducingCommand(record: RunRecord, store: string | null): string {
  return ['dgas', ...reproducingWords(record, store).map(quoted)].join(' ')
}

/** The same as the words of a command line, without `dgas`. */
export function reproducingWords(record: RunRecord, store: string | null): string[] {
  const choices = record.configuration as unknown as Configuration
  const isBuiltIn = record.strategy_file === `strategies/${record.strategy}.sql`
  const some = (option: string, value: string | number | null, usual: unknown = null) => {
    return value === usual || value === null ? [] : [option, String(value)]
  }
  return [
    'backtest',
    ...(choices.symbols ?? []),
    ...some('--store', store),
    ...(choices.symbols === null ? ['--universe', choices.universe] : []),
    ...some('--where', choices.where),
    ...['--timeframe', choices.timeframe],
    ...(choices.higher.length === 0 ? [] : ['--higher', choices.higher.join(',')]),
    // runs of earlier versions do not say all
    ...geometryNames.flatMap((name) => some(optionOf(parameterOf(name)), choices[name] ?? null, usualGeometry[name])),
    ...some('--from', choices.from),
    ...some('--to', choices.to),
    ...['--strategy', isBuiltIn ? record.strategy : record.strategy_file],
    ...Object.entries(choices.parameters).flatMap(([name, value]) => ['--param', `${name}=${String(value)}`]),
    ...ruleWords(choices.rules),
    ...some('--min-success', choices.minSuccess, 0.95),
    ...some('--benchmark', choices.benchmark),
    ...some('--trials', choices.trials),
    ...(choices.byState ? ['--by-state'] : []),
  ]
}

/** The options of the rules that differ from their defaults. */
function ruleWords({ accounts, ...others }: Partial<Rules>): string[] {
  const usual: Readonly<Record<string, unknown>> = { ...rules({}) }
  const differing = Object.entries(others).filter(([name, value]) => value !== null && value !== usual[name])
  const words = differing.flatMap(([name, value]) => {
    return value === true ? [optionOf(name)] : value === false ? [] : [optionOf(name), String(value)]
  })
  return [...(accounts === 'shared' ? ['--portfolio'] : []), ...words]
}

/** A word as a shell reads it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
