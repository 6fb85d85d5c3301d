import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { DgasError } from '../errors.js'
import { higherSchema } from '../models/higher-views.js'
import { geometryParameters, type Geometry } from '../models/parameters.js'
import { sourceTimeframes } from '../store/coverage.js'
import { storedSymbols, type Store } from '../store/layout.js'
import { resolveUniverse } from '../store/universe.js'
import type { Analysis, ContextRow, Decision, FrameState, PatternEvent } from './facts.js'
import { frameRoles, type Frames } from './frames.js'
import { levelsOf, zonesOf } from './levels.js'
import type { Moment } from './moment.js'
import { patternBars, patternsOf } from './pattern-events.js'
import { reasonsOf } from './reasons.js'
import { columnOf, numberIn, textIn, truthIn } from './row.js'
import { createSnapshot } from './snapshot.js'

/** Which symbols to look at, in which timeframes, and when. */
export interface AnalysisSpec {
  symbols: readonly string[]
  frames: Frames
  moment: Moment
  /** How the geometry is computed. */
  geometry: Geometry
}

/** Ten bars with patterns of each timeframe, of a higher one up to the bar that is shown. */
const kept = { focus: patternBars, higher: patternBars + 3 }

/**
 * Returns what there is to know of each symbol at its last bar that had closed by then, in the order given. Only the bars of
 * these symbols are read. Throws a usage error for an unknown symbol and a `DgasError` for one that had no bar yet.
 */
export async function analyze(database: Database, store: Store, spec: AnalysisSpec): Promise<Analysis[]> {
  const symbols = [...new Set(spec.symbols)]
  const stored = knownSymbols(store, spec.frames)
  await resolveUniverse(database, store, { symbols, universe: 'all', where: null }, stored)
  await createSnapshot(database, store, { ...spec, symbols, columnsRead: null, tail: null, kept, hasNext: true })
  const analyses: Analysis[] = []
  for (const symbol of symbols) analyses.push(await analysisOf(database, symbol, spec))
  return analyses
}

/** Returns the symbols of which the store has bars from which those of the focus frame can be made. */
export function knownSymbols(store: Store, { focus }: Frames): string[] {
  const symbols = sourceTimeframes(store, focus).flatMap(({ name }) => storedSymbols(store, name))
  return [...new Set(symbols)].sort()
}

async function analysisOf(database: Database, symbol: string, spec: AnalysisSpec): Promise<Analysis> {
  const all = await lastRows(database, 'main', 'context', symbol)
  if (all.length === 0) throw nothingYet(symbol, spec)
  const rows = all.filter(({ is_next }) => is_next === false)
  const [row] = rows
  const next = all.find(({ is_next }) => is_next === true) ?? null
  // levels are for the next bar
  const shown = next ?? row
  const { focus, higher } = spec.frames
  const timeframes = [focus, ...higher].map(({ name }) => name)
  const patterns = patternsOf(rows, 'focus', focus.name)
  for (const index of higher.keys()) patterns.push(...await higherPatterns(database, shown, spec.frames, index))
  return {
    symbol,
    timeframe: focus.name,
    bar_at: row.bar_at as string,
    closed_at: row.closed_at as string,
    session_date: row.session_date as string,
    geometry_parameters: geometryParameters(spec.geometry),
    close: row.close as number,
    mean_range: row.mean_range as number,
    ...decisionOf(row, timeframes),
    next: next === null ? null : { ...decisionOf(next, timeframes), ended: endedIn(row, next, timeframes) },
    frames: timeframes.map((timeframe, index) => stateOf(shown, index, timeframe)),
    levels: levelsOf(shown, timeframes),
    zones: zonesOf(shown, timeframes),
    patterns,
  }
}

function decisionOf(row: ContextRow, timeframes: readonly string[]): Decision {
  return {
    recommended_action: textIn(row, 'recommended_action'),
    risk_level: textIn(row, 'risk_level'),
    signal_strength: numberIn(row, 'signal_strength'),
    higher_strength: numberIn(row, 'higher_strength'),
    alignment_score: numberIn(row, 'alignment_score'),
    alignment: textIn(row, 'alignment'),
    is_trade_permitted: truthIn(row, 'is_trade_permitted'),
    confluence_count: numberIn(row, 'confluence_count'),
    reasons: reasonsOf(row, timeframes),
  }
}

/** Returns the higher timeframes of which `next` shows another bar than `row`. */
function endedIn(row: ContextRow, next: ContextRow, timeframes: readonly string[]): string[] {
  return timeframes.filter((_, index) => row[columnOf(frameRoles[index], 'bar_at')] !== next[columnOf(frameRoles[index], 'bar_at')])
}

/** The last bars of a symbol in a relation, the latest first, with times as text. */
async function lastRows(
  database: Database,
  schema: string,
  relation: string,
  symbol: string,
  until: string | null = null,
): Promise<ContextRow[]> {
  const rows = await database.rows<Readonly<Record<string, string | number | boolean | Date | null>>>(`
    select * from ${identifier(schema)}.${identifier(relation)}
    where symbol = ${literal(symbol)}${until === null ? '' : ` and bar_at <= timestamp ${literal(until)}`}
    order by bar_at desc`)
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, withoutDate(name, value)])))
}

/** A date or an instant as text, in UTC; anything else as it is. */
function withoutDate(name: string, value: string | number | boolean | Date | null): string | number | boolean | null {
  if (!(value instanceof Date)) return value
  return value.toISOString().slice(0, name.endsWith('_date') ? 10 : 19).replace('T', ' ')
}

/** The patterns of a higher frame up to its bar that the row shows. */
async function higherPatterns(
  database: Database,
  row: ContextRow,
  { focus, higher }: Frames,
  index: number,
): Promise<PatternEvent[]> {
  const frame = frameRoles[index + 1]
  const shown = textIn(row, columnOf(frame, 'bar_at'))
  if (shown === null) return []
  const rows = await lastRows(database, higherSchema(focus, higher[index]), 'geometry', row.symbol as string, shown)
  return patternsOf(rows, frame, higher[index].name)
}

function stateOf(row: ContextRow, index: number, timeframe: string): FrameState {
  const frame = frameRoles[index]
  const number = (name: string) => numberIn(row, columnOf(frame, name))
  const text = (name: string) => textIn(row, columnOf(frame, name))
  return {
    frame,
    timeframe,
    bar_at: text('bar_at'),
    closed_at: text('closed_at'),
    close: number('close'),
    market_state: text('market_state'),
    market_direction: number('market_direction'),
    bars_in_state: number('bars_in_state'),
    state_confidence: number('state_confidence'),
    run: number('run'),
    bar_state: text('bar_state'),
    bar_state_day: number('bar_state_day'),
    direction: number('direction'),
    run_grade: text('run_grade'),
    dot_momentum: text('dot_momentum'),
    area_next: number('area_next'),
  }
}

function nothingYet(symbol: string, { frames: { focus }, moment: { instant, session } }: AnalysisSpec): DgasError {
  const until = instant === null ? `the end of ${session ?? 'the data'}` : `${instant} UTC`
  return new DgasError({
    what: `${symbol} has no ${focus.name} bar that had closed by ${until}`,
    where: instant === null && session === null ? undefined : '--at',
    expected: `a later time; dgas query "select min(closed_at) from bars where symbol = ${literal(symbol)}" shows the first`,
  })
}
