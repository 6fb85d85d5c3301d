import { nearest, usageError } from '../errors.js'

/** A calendar period as `date_trunc` names it. */
export type PeriodUnit = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** The length of a bar: minutes within a session, or a calendar period. */
export interface Timeframe {
  name: string
  /** Length of an intraday bar; undefined from a day up. */
  minutes?: number
  /** Calendar period of a bar from a day up; undefined within a session. */
  unit?: PeriodUnit
}

/** Every timeframe, finest first. */
export const timeframes: readonly Timeframe[] = [
  { name: '1m', minutes: 1 },
  { name: '5m', minutes: 5 },
  { name: '10m', minutes: 10 },
  { name: '15m', minutes: 15 },
  { name: '30m', minutes: 30 },
  { name: '1h', minutes: 60 },
  { name: '2h', minutes: 120 },
  { name: '4h', minutes: 240 },
  { name: '1d', unit: 'day' },
  { name: '1w', unit: 'week' },
  { name: '1mo', unit: 'month' },
  { name: '1q', unit: 'quarter' },
  { name: '1y', unit: 'year' },
]

/** Returns the timeframe of that name, such as `30m` or `1d`. Throws a usage error with the nearest name, and `option` that gave it. */
export function parseTimeframe(name: string, option = '--timeframe'): Timeframe {
  const found = timeframes.find((timeframe) => timeframe.name === name)
  if (found !== undefined) return found
  const names = timeframes.map((timeframe) => timeframe.name)
  const what = `there is no timeframe "${name}"`
  throw usageError({ what, where: option, expected: names.join(', '), nearest: nearest(name, names) })
}

/** Returns the timeframes of these names, as `parseTimeframe` does. */
export function parseTimeframes(names: readonly string[], option?: string): Timeframe[] {
  return names.map((name) => parseTimeframe(name, option))
}

/** Whether bars of `coarse` can be made of bars of `fine`. */
export function isFinerThan(fine: Timeframe, coarse: Timeframe): boolean {
  if (coarse.minutes !== undefined) {
    return fine.minutes !== undefined && fine.minutes < coarse.minutes && coarse.minutes % fine.minutes === 0
  }
  if (fine.unit === 'week') return false // a week may lie in two months
  return timeframes.indexOf(fine) < timeframes.indexOf(coarse)
}

/** The usual higher timeframes of a traded one, nearest first. */
const higher: Readonly<Record<string, readonly string[]>> = {
  '1m': ['5m', '30m'],
  '5m': ['30m', '1d'],
  '10m': ['1h', '1d'],
  '15m': ['1h', '1d'],
  '30m': ['1d', '1w'],
  '1h': ['1d', '1w'],
  '2h': ['1d', '1w'],
  '4h': ['1d', '1w'],
  '1d': ['1w', '1mo'],
  '1w': ['1mo', '1q'],
  '1mo': ['1q', '1y'],
  '1q': ['1y'],
  '1y': [],
}

/** Returns the usual higher timeframes of a traded one, nearest first; none above a year. */
export function usualHigher({ name }: Timeframe): readonly Timeframe[] {
  return parseTimeframes(higher[name])
}

/**
 * Returns the timeframes named by `--higher`, the nearest first, or the usual ones above `focus`. Throws a usage error unless they
 * are one or two, each above the one before, and made of whole bars of `focus`; a week counts to the month in which it begins.
 */
export function higherTimeframes(focus: Timeframe, names: readonly string[] | undefined): readonly Timeframe[] {
  if (names === undefined) return usualHigher(focus)
  const chosen = parseTimeframes(names.map((name) => name.trim()), '--higher')
  if (isLadder([focus, ...chosen]) && chosen.every((frame) => isMadeOf(frame, focus)) && chosen.length <= 2) return chosen
  const what = `"${names.join(',')}" is no ladder above ${focus.name}`
  const expected = 'one or two timeframes, each above the one before and made of whole bars'
  throw usageError({ what, where: '--higher', expected })
}

/**
 * Returns what chooses the higher timeframes of bars of any timeframe, nearest first: those named by `--higher` that are above it and
 * made of whole bars of it, or the usual ones. Throws a usage error unless one or two are named, the second above the first.
 */
export function higherOfAny(names: readonly string[] | undefined): (focus: Timeframe) => readonly Timeframe[] {
  if (names === undefined) return usualHigher
  const chosen = parseTimeframes(names.map((name) => name.trim()), '--higher')
  if (isLadder(chosen) && chosen.length <= 2) return (focus) => chosen.filter((frame) => isLadder([focus, frame]) && isMadeOf(frame, focus))
  throw usageError({ what: `"${names.join(',')}" is no ladder`, where: '--higher', expected: 'one or two timeframes, the second above the first' })
}

function isLadder(frames: readonly Timeframe[]): boolean {
  const steps = frames.map((frame) => timeframes.indexOf(frame))
  return steps.every((step, index) => index === 0 || step > steps[index - 1])
}

/** Weeks count to the month in which they begin. */
function isMadeOf(frame: Timeframe, focus: Timeframe): boolean {
  return focus.unit === 'week' || isFinerThan(focus, frame)
}
