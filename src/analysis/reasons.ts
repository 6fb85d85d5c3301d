import { decimal } from '../format.js'
import type { ContextRow, Reason } from './facts.js'
import { numberIn, truthIn } from './row.js'

/** Returns the conditions of recommended action and risk level, and which of them held; see `signals.sql`. */
export function reasonsOf(row: ContextRow, timeframes: readonly string[]): Reason[] {
  if (timeframes.length < 2) return []
  const [focus, higher] = [numberIn(row, 'market_direction'), numberIn(row, 'higher_market_direction')]
  const [alignment, strength] = [numberIn(row, 'alignment_score'), numberIn(row, 'signal_strength')]
  const isPermitted = truthIn(row, 'is_trade_permitted')
  const directions = `${timeframes[0]} ${directionName(focus)}, ${timeframes[1]} ${directionName(higher)}`
  const isKnown = focus !== null && higher !== null
  const agree = isKnown ? focus === higher || higher === 0 : null
  const permitted = { found: isPermitted === null ? 'not known' : isPermitted ? 'permitted' : 'not permitted', holds: isPermitted }
  return [
    { of: 'action', condition: 'the frames point the same way', found: directions, holds: agree },
    { of: 'action', condition: 'alignment of at least 0.60', ...atLeast(alignment, 0.6) },
    { of: 'action', condition: 'signal strength of at least 0.60', ...atLeast(strength, 0.6) },
    { of: 'risk', condition: 'the frames permit a trade', ...permitted },
    { of: 'risk', condition: 'low: signal strength of at least 0.70', ...atLeast(strength, 0.7) },
    { of: 'risk', condition: 'low: higher strength of at least 0.60', ...atLeast(numberIn(row, 'higher_strength'), 0.6) },
    { of: 'risk', condition: 'medium: signal strength of at least 0.50', ...atLeast(strength, 0.5) },
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
