import { describe, expect, it } from 'vitest'
import { equityChart } from '../../src/charts/equity.js'
import type { EquityPoint } from '../../src/charts/equity-rows.js'
import { dataset, titles } from './specs.js'
import { equityRows, testRun } from './market.js'

const fiveSessions = [
  { session_date: '2026-01-26', equity: 102_000 },
  { session_date: '2026-01-27', equity: 110_000 },
  { session_date: '2026-01-28', equity: 99_000 },
  { session_date: '2026-01-29', equity: 104_500 },
  { session_date: '2026-01-30', equity: 112_000 },
]

describe('equity chart', () => {
  it('begins with the start capital, then shows every session once', () => {
    const points = dataset<EquityPoint>(drawn(fiveSessions), 'points')
    expect(points.map(({ i, session, equity, peak }) => [i, session, equity, peak])).toEqual([
      [-1, '2026-01-26', 100_000, 100_000],
      [0, '2026-01-26', 102_000, 102_000],
      [1, '2026-01-27', 110_000, 110_000],
      [2, '2026-01-28', 99_000, 110_000],
      [3, '2026-01-29', 104_500, 110_000],
      [4, '2026-01-30', 112_000, 112_000],
    ])
    expect(points.map(({ drawdown_pct }) => Math.round(drawdown_pct * 1e6) / 1e6)).toEqual([0, 0, 0, -10, -5, 0])
  })

  it('says run, strategy, return and the dates of the deepest drawdown', () => {
    expect(titles(drawn(fiveSessions))).toEqual({
      text: 'pldot_cross: equity and drawdown',
      subtitle: [
        'run 20260126-143000-abcdef12 · 2026-01-26 to 2026-01-30 · 1 account',
        'return +12.00 %, from 100,000 to 112,000 · ' +
          'maximum drawdown 10.00 %, from 2026-01-27 to 2026-01-28, recovered 2026-01-30',
      ],
    })
  })

  it('counts a fall below the start capital as drawdown', () => {
    const spec = drawn([{ session_date: '2026-01-26', equity: 95_000 }])
    expect(titles(spec).subtitle[1]).toContain('maximum drawdown 5.00 %, from the start to 2026-01-26, not recovered')
    expect(dataset<{ note: string }>(spec, 'trough').map(({ note }) => note)).toEqual(['-5.00 % on 2026-01-26'])
  })

  it('names no drawdown when there is none', () => {
    const spec = drawn(fiveSessions.slice(0, 2))
    expect(titles(spec).subtitle[1]).toContain('no drawdown')
    expect(dataset(spec, 'trough')).toEqual([])
  })

  it('keeps every point in order, with drawdowns of at most 0', () => {
    const rows = equityRows(700)
    const points = dataset<EquityPoint>(drawn(rows), 'points')
    expect(points.slice(1).map(({ equity }) => equity)).toEqual(rows.map(({ equity }) => equity))
    expect(Math.max(...points.map(({ drawdown_pct }) => drawdown_pct))).toBe(0)
    expect(Math.min(...points.map(({ drawdown_pct }) => drawdown_pct))).toBeLessThan(-1)
  })

  it('refuses a run without a session', () => {
    expect(() => drawn([])).toThrow('there is no equity to draw')
  })
})

function drawn(rows: Parameters<typeof equityChart>[0]['rows']) {
  return equityChart({ run: testRun, accounts: 1, capital: 100_000, rows })
}
