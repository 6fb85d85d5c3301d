import { describe, expect, it } from 'vitest'
import { modelRows, type ContextRow } from './context.js'

const states = ['market_direction', 'market_state', 'state_confidence']
const alignmentColumns = [
  ...['', 'previous_', 'higher_'].flatMap((prefix) => states.map((name) => prefix + name)),
  ...['previous_bar_at', 'higher_closed_at'],
]

type State = [direction: number | null, state: string | null, confidence: number | null]

/** How a state agrees with that of the higher timeframe. */
async function align(focus: State, higher: State, more: ContextRow = {}): Promise<ContextRow> {
  const named = (prefix: string, values: State) => Object.fromEntries(values.map((value, index) => [prefix + states[index], value]))
  // a text in every column of states, so that columns without any are columns of texts too
  const row = { ...named('', focus), ...named('previous_', focus), ...named('higher_', higher), ...more }
  const texts = Object.fromEntries(['', 'previous_', 'higher_'].map((prefix) => [`${prefix}market_state`, 'trend']))
  const [aligned] = await modelRows(['alignments'], 'frames', alignmentColumns, [row, texts])
  return aligned
}

describe('the alignment with the higher timeframe', () => {
  it.each<[focus: State, higher: State, score: number, alignment: string, isPermitted: boolean]>([
    // 0.5 + 0.2 + 0.3
    [[1, 'trend', 1], [1, 'trend', 1], 1, 'perfect', true],
    [[-1, 'trend', 0.8], [-1, 'trend', 0.6], 0.91, 'perfect', true],
    // 0.5 + 0.1 + 0.7 · 0.3
    [[1, 'trend', 0.8], [1, 'congestion_exit', 0.6], 0.81, 'perfect', true],
    [[1, 'congestion_entrance', 0.6], [1, 'congestion_action', 0.6], 0.78, 'partial', true],
    // 0.5 + 0 + 0.6 · 0.3
    [[1, 'trend', 0.6], [1, 'congestion_action', 0.6], 0.68, 'partial', true],
    [[1, 'trend', 0.6], [1, 'reversal', 0.6], 0.68, 'partial', true],
    // opposed: 0 + 0.2 + 0.3, and 0 + 0.1 + 0.18, and 0 + 0 + 0.15
    [[1, 'trend', 1], [-1, 'trend', 1], 0.5, 'divergent', false],
    [[1, 'congestion_exit', 0.6], [-1, 'trend', 0.6], 0.28, 'conflicting', false],
    [[-1, 'reversal', 0.5], [1, 'trend', 0.5], 0.15, 'conflicting', false],
    // without a direction: 0.25 + 0.2 + 0.3
    [[1, 'trend', 1], [0, 'trend', 1], 0.75, 'partial', true],
    [[0, 'trend', 1], [1, 'trend', 1], 0.75, 'partial', false],
    [[1, 'trend', 0.5], [0, 'trend', 0.3], 0.57, 'divergent', false],
  ])('of %j with %j is %d', async (focus, higher, score, alignment, isPermitted) => {
    const row = await align(focus, higher)
    expect(row.alignment_score).toBeCloseTo(score, 12)
    expect(row).toMatchObject({ alignment, is_trade_permitted: isPermitted, was_trade_permitted: isPermitted })
  })

  it('is unknown while either has no state', async () => {
    const unknown = { alignment_score: null, alignment: null, is_trade_permitted: null }
    expect(await align([1, 'trend', 1], [null, null, null])).toMatchObject(unknown)
    expect(await align([null, null, null], [1, 'trend', 1])).toMatchObject(unknown)
  })

  it('was that of the state before beside the same higher bar', async () => {
    const before = { previous_market_direction: -1 }
    expect(await align([1, 'trend', 1], [1, 'trend', 1], before)).toMatchObject({ is_trade_permitted: true, was_trade_permitted: false })
  })

  it('is with a new higher bar when the bar before opened before that had ended', async () => {
    const isNew = async (more: ContextRow) => (await align([1, 'trend', 1], [1, 'trend', 1], more)).is_higher_bar_new
    expect(await isNew({ previous_bar_at: 9, higher_closed_at: 10 })).toBe(true)
    expect(await isNew({ previous_bar_at: 10, higher_closed_at: 10 })).toBe(false)
    expect(await isNew({ previous_bar_at: null, higher_closed_at: 10 })).toBe(true)
  })
})

describe('beside the higher timeframe', () => {
  const columns = [
    ...['market_direction', 'recent_patterns', 'higher_recent_patterns', 'higher_bars_in_state', 'higher_state_confidence'],
    ...['higher_market_state', 'higher_market_direction', 'higher_pldot_next', 'higher_pldot', 'higher_run'],
  ]
  const strengths = (...rows: ContextRow[]) => {
    return modelRows(['strengths'], 'wider_frames', columns, [...rows, { higher_market_state: 'reversal' }])
  }
  const rising = { higher_market_state: 'trend', higher_pldot: 10, higher_pldot_next: 11 }

  it('its strength is of bars in its state, of confidence, and of a trend whose dot moves with it', async () => {
    const rows = await strengths(
      { higher_bars_in_state: 1, higher_state_confidence: 0.5, higher_market_state: 'congestion_action' },
      { higher_bars_in_state: 3, higher_state_confidence: 0.75, higher_run: 1, ...rising },
      { higher_bars_in_state: 3, higher_state_confidence: 0.75, higher_run: -1, ...rising },
      { higher_bars_in_state: 9, higher_state_confidence: 1, higher_run: 1, ...rising },
    )
    const expected = [0.3, 0.8, 0.6, 1].map((value) => expect.closeTo(value, 12) as unknown)
    expect(rows.map((row) => row.higher_strength)).toEqual([...expected, null])
  })

  it('a trade has its direction, or where it has none the own one', async () => {
    const directions = [[1, 1], [1, -1], [1, 0], [0, -1], [1, null]]
    const rows = await strengths(...directions.map(([market_direction, higher]) => ({ market_direction, higher_market_direction: higher })))
    expect(rows.map((row) => row.trade_direction)).toEqual([1, -1, 1, -1, null, null])
  })

  it('patterns are shared that both have shown in the direction of a trade', async () => {
    // bits 1 to 6 are bullish pushes to envelope exhausts, bits 8 to 13 bearish ones
    const cases = [[1, 2, 2, 2], [1, 2, 4, 0], [1, 2 | 4 | 256, 4 | 256, 4], [-1, 2 | 4 | 256, 4 | 256, 2], [-1, 8192, 8192, 64], [-1, 64, 64, 0]]
    const rows = await strengths(...cases.map(([higher_market_direction, recent_patterns, higher_recent_patterns]) => {
      return { higher_market_direction, recent_patterns, higher_recent_patterns }
    }))
    expect(rows.map((row) => row.shared_patterns)).toEqual([...cases.map(([,,, shared]) => shared), null])
  })
})

describe('a signal', () => {
  const columns = [
    ...['market_direction', 'higher_market_direction', 'trade_direction', 'alignment', 'alignment_score', 'is_trade_permitted'],
    ...['higher_strength', 'zone_weight', 'shared_patterns'],
  ]
  const long = { market_direction: 1, trade_direction: 1, alignment: 'perfect', is_trade_permitted: true, shared_patterns: 0 }

  async function act(...rows: ContextRow[]): Promise<ContextRow[]> {
    return modelRows(['actions'], 'confluence', columns, rows.map((row) => ({ ...long, ...row })))
  }

  it('has the strength of alignment, higher timeframe, zone in its direction and shared patterns', async () => {
    const base = { alignment_score: 0.75, higher_strength: 0.5 }
    const rows = await act(
      base,
      { ...base, zone_weight: 2 },
      { ...base, zone_weight: 2.5 },
      { ...base, zone_weight: 4 },
      { ...base, shared_patterns: 4 },
      { ...base, alignment_score: null },
    )
    const expected = [0.45, 0.53, 0.57, 0.6, 0.6].map((value) => expect.closeTo(value, 12) as unknown)
    expect(rows.map((row) => row.signal_strength)).toEqual([...expected, null])
  })

  it.each<[row: ContextRow, action: string | null, risk: string | null]>([
    // 0.4 + 0.3, 0.4 + 0.18, 0.4 + 0.177 + 0.15 and 0.4 + 0.15
    [{ alignment_score: 1, higher_strength: 1 }, 'long', 'low'],
    [{ alignment_score: 1, higher_strength: 0.6 }, 'long', 'medium'],
    [{ alignment_score: 1, higher_strength: 0.59, zone_weight: 4 }, 'long', 'medium'],
    [{ alignment_score: 1, higher_strength: 0.5, trade_direction: -1, market_direction: -1 }, 'short', 'medium'],
    // strong, but the own direction is opposed and the strength below 0.6, or the trade is not permitted
    [{ alignment_score: 1, higher_strength: 0.5, market_direction: -1 }, 'wait', 'medium'],
    [{ alignment_score: 1, higher_strength: 1, is_trade_permitted: false }, 'wait', 'high'],
    // 0.24 + 0.24, and nothing to go by
    [{ alignment_score: 0.6, higher_strength: 0.8 }, 'wait', 'high'],
    [{ alignment_score: 0.1, higher_strength: 1, alignment: 'conflicting', is_trade_permitted: false }, 'reduce', 'high'],
    [{ alignment_score: null, higher_strength: null, alignment: null, is_trade_permitted: null, trade_direction: null }, null, null],
  ])('from %j means %s at %s risk', async (row, action, risk) => {
    const [found] = await act(row, { alignment: 'perfect', is_trade_permitted: true })
    expect(found).toMatchObject({ recommended_action: action, risk_level: risk })
  })
})
