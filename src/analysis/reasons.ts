import { decimal } from '../format.js'
import type { ContextRow, Reason } from './facts.js'
import { numberIn, textIn, truthIn } from './row.js'

/**
 * Returns the conditions that `actions.sql` puts to a row for its recommended action and its risk level, and which of them
 * held. The first `timeframes` are focus and higher frame; without a higher one there is nothing to compare.
 */
export function reasonsOf(row: ContextRow, timeframes: readonly string[]): Reason[] {
  return timeframes.length < 2 ? [] : [...actionReasons(row, timeframes), ...riskReasons(row)]
}

/** A trade needs all of them but the last, which says whether to wait or to reduce when one fails. */
function actionReasons(row: ContextRow, timeframes: readonly string[]): Reason[] {
  const [focus, higher] = [numberIn(row, 'market_direction'), numberIn(row, 'higher_market_direction')]
  const isKnown = focus !== null && higher !== null
  const found = `${timeframes[0]} ${directionName(focus)}, ${timeframes[1]} ${directionName(higher)}`
  const score = numberIn(row, 'alignment_score')
  return [
    { of: 'action', condition: 'directions agree', found, holds: isKnown ? focus === higher || higher === 0 : null },
    { of: 'action', condition: 'alignment at least 0.60', ...atLeast(score, 0.6) },
    { of: 'action', condition: 'signal strength at least 0.50', ...atLeast(numberIn(row, 'signal_strength'), 0.5) },
    directionReason(row),
    { of: 'action', condition: 'frames not conflicting', found: textIn(row, 'alignment') ?? '–', holds: notConflicting(row) },
  ]
}

function directionReason(row: ContextRow): Reason {
  const direction = numberIn(row, 'trade_direction')
  const holds = direction === null ? null : direction !== 0
  return { of: 'action', condition: 'a direction to trade in', found: directionName(direction), holds }
}

function notConflicting(row: ContextRow): boolean | null {
  const alignment = textIn(row, 'alignment')
  return alignment === null ? null : alignment !== 'conflicting'
}

/** Low needs the first three, medium the first and the last, everything else is high. */
function riskReasons(row: ContextRow): Reason[] {
  const isPermitted = truthIn(row, 'is_trade_permitted')
  const strength = numberIn(row, 'signal_strength')
  const found = isPermitted === null ? '–' : isPermitted ? 'yes' : 'no'
  return [
    { of: 'risk', condition: 'trade permitted', found, holds: isPermitted },
    { of: 'risk', condition: 'signal strength at least 0.70', ...atLeast(strength, 0.7) },
    { of: 'risk', condition: 'higher strength at least 0.60', ...atLeast(numberIn(row, 'higher_strength'), 0.6) },
    { of: 'risk', condition: 'signal strength at least 0.50', ...atLeast(strength, 0.5) },
  ]
}

function atLeast(value: number | null, least: number): Pick<Reason, 'found' | 'holds'> {
  return { found: decimal(value), holds: value === null ? null : value >= least }
}

/** Returns `up`, `down`, `flat`, or `–` when it is not known. */
export function directionName(direction: number | null): string {
  if (direction === null) return '–'
  return direction > 0 ? 'up' : direction < 0 ? 'down' : 'flat'
}
