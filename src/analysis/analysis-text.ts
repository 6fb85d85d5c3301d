import { alignedTable, counted, decimal, priceDecimals, signedPercent } from '../format.js'
import { geometryTexts } from '../models/parameters.js'
import type { Analysis, Decision, FrameState, PatternEvent, Reason, Zone } from './facts.js'
import { levelTable } from './level-text.js'
import { patternBars } from './pattern-events.js'
import { directionName } from './reasons.js'
import { lineName } from './levels.js'

/** Returns an analysis for the terminal, within 100 columns; `each` limits the levels on each side of the close. */
export function analysisText(analysis: Analysis, each: number): string {
  const parts = [
    headline(analysis),
    frameTable(analysis.frames),
    actionText(analysis),
    `Levels for the next ${analysis.timeframe} bar\n${levelTable(analysis, each)}`,
    `Zones\n${zoneTable(analysis)}`,
    `Patterns of the last ${patternBars} bars of each frame\n${patternTable(analysis.patterns)}`,
  ]
  return parts.join('\n')
}

function headline({ symbol, timeframe, closed_at, close, mean_range, geometry_parameters }: Analysis): string {
  const digits = priceDecimals(close)
  const range = `mean range ${decimal(mean_range, digits)} (${decimal((mean_range / close) * 100)} %)`
  return `${symbol}  ${decimal(close, digits)}  ${timeframe} bar that closed at ${closed_at.slice(0, 16)} UTC, ${range}\n${geometryTexts(geometry_parameters).map((text) => `${text}\n`).join('')}`
}

function frameTable(frames: readonly FrameState[]): string {
  const columns = ['frame', 'bar', 'market state', 'dir', 'bars', 'conf.', 'run', 'bar state', 'grade']
  const rows = frames.map((frame) => [
    frame.timeframe,
    frame.bar_at === null ? 'none has ended' : frame.bar_at.replace(/ 00:00:00$/, '').slice(0, 16),
    words(frame.market_state),
    directionName(frame.market_direction),
    decimal(frame.bars_in_state, 0),
    decimal(frame.state_confidence),
    frame.run === null ? '–' : ['-1', '0', '+1'][frame.run + 1],
    frame.bar_state === null ? '–' : `${words(frame.bar_state)} ${decimal(frame.bar_state_day, 0)}`,
    frame.run_grade ?? '–',
  ])
  return alignedTable(columns.map((name) => ({ name, isNumber: ['bars', 'conf.', 'run'].includes(name) })), rows)
}

function words(name: string | null): string {
  return name?.replaceAll('_', ' ') ?? '–'
}

function actionText(analysis: Analysis): string {
  const { reasons, next } = analysis
  const head = `Action: ${decisionText(analysis)}\n${reasons.map(reasonText).join('')}`
  if (next === null) return head
  const ended = `${next.ended.join(' and ')} ended with it: as in a backtest, the action is decided beside the bars before.`
  return `${head}${ended}\nNext: ${decisionText(next)}\n`
}

function decisionText({ recommended_action, risk_level, signal_strength, higher_strength, alignment, alignment_score }: Decision): string {
  const strengths = [
    `signal strength ${decimal(signal_strength)}`,
    `higher strength ${decimal(higher_strength)}`,
    `alignment ${decimal(alignment_score)} ${alignment ?? ''}`.trimEnd(),
  ]
  return `${recommended_action ?? '–'}, risk: ${risk_level ?? '–'}  (${strengths.join(', ')})`
}

function reasonText({ of, condition, found, holds }: Reason): string {
  return `  ${holds === null ? '?' : holds ? '✓' : '✗'} ${of.padEnd(6)}  ${condition}: ${found}\n`
}

function zoneTable(analysis: Analysis): string {
  const digits = priceDecimals(analysis.close)
  const columns = ['zone', 'frame', 'low', 'high', 'distance', 'ranges', 'weight']
  const rows = analysis.zones.map((zone) => [
    `${zone.kind} ${zone.role}`,
    zone.timeframes.join(', '),
    decimal(zone.low, digits),
    decimal(zone.high, digits),
    isWithin(zone) ? 'within' : signedPercent(zone.distance_pct),
    signed(zone.distance_ranges),
    zone.weight === null ? '' : decimal(zone.weight, 1),
  ])
  const none = analysis.zones.some(({ kind }) => kind === 'confluence') ? '' : 'no confirmed zone of confluence\n'
  return `${rows.length === 0 ? '' : alignedTable(columns.map((name, index) => ({ name, isNumber: index > 1 })), rows)}${none}`
}

function isWithin({ distance_pct }: Zone): boolean {
  return distance_pct === 0
}

function signed(value: number | null): string {
  return value === null ? '–' : `${value > 0 ? '+' : ''}${decimal(value)}`
}

/** One line a pattern and frame: on which bars it stood, as bars ago, by direction. */
function patternTable(patterns: readonly PatternEvent[]): string {
  if (patterns.length === 0) return 'none\n'
  const groups = new Map<string, PatternEvent[]>()
  for (const event of patterns) {
    const key = `${event.timeframe}\t${event.pattern}`
    groups.set(key, [...groups.get(key) ?? [], event])
  }
  const rows = [...groups].map(([key, events]) => {
    const [timeframe, pattern] = key.split('\t')
    return [timeframe, words(pattern), barsAgo(events, 1), barsAgo(events, -1), barsAgo(events, 0), latest(events[0])]
  })
  const columns = ['frame', 'pattern', 'bars ago up', 'down', 'neither', 'the latest']
  const isUsed = columns.map((_, index) => rows.some((row) => row[index] !== ''))
  const used = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => isUsed[index])
  return alignedTable(used(columns).map((name) => ({ name, isNumber: false })), rows.map(used))
}

/** Bars ago as ranges: `0-3, 7`. */
function barsAgo(events: readonly PatternEvent[], direction: number): string {
  const ages = events.filter((event) => event.direction === direction).map(({ bars_ago }) => bars_ago)
  const starts = ages.filter((age) => !ages.includes(age - 1))
  return starts.map((start) => {
    let end = start
    while (ages.includes(end + 1)) end++
    return start === end ? String(start) : `${start}-${end}`
  }).join(', ')
}

function latest({ pattern, strength, lines, is_losing }: PatternEvent): string {
  const more = lines.length > 2 ? ` +${lines.length - 2}` : ''
  if (lines.length > 0) return `${lines.slice(0, 2).map(lineName).join(', ')}${more}${is_losing ? ', fading' : ''}`
  return strength === null || pattern === 'refresh' ? '' : `${counted(strength, 'bar')}${is_losing ? ', losing' : ''}`
}
