import { describe, expect, it } from 'vitest'
import { barsOf, evenBars, geometryRows, type TestBar, type Value } from './bars.js'

/** One column, or several, bar by bar. */
async function column(bars: readonly TestBar[], name: string, parameters = {}): Promise<Value[]> {
  return (await geometryRows(bars, parameters)).map((row) => row[name])
}

describe('refresh_bars', () => {
  it('counts the bars since the last bar before whose range held its dot', async () => {
    // dots         -   -   -   10     10.08  10.42  11.08
    // distance     -   -   -   +0.25  +0.92  +1.58  +0.42   at most 0.5: the bar holds its dot
    const bars = evenBars([10, 10, 10, 10.25, 11, 12, 11.5])
    expect(await column(bars, 'refresh')).toEqual([null, null, null, 1, 0, 0, 1])
    expect(await column(bars, 'refresh_bars')).toEqual([null, null, null, null, 1, 2, 3])
  })
})

describe('envelope_exhaust', () => {
  // dots         -   -   -   10  10.33  10.83   far: 1 or more from the dot; inside: at most 0.5
  const up = [10, 10, 10, 11, 11.5, 11]

  it('is bearish on the first close inside after two far above, and knows nothing before the sixth bar', async () => {
    expect(await column(evenBars(up), 'envelope_exhaust')).toEqual([null, null, null, null, null, -1])
    expect(await column(evenBars(up), 'envelope_exhaust_bars')).toEqual([null, null, null, null, null, 2])
  })

  it('is bullish after two far below', async () => {
    expect((await column(evenBars(up.map((close) => 20 - close)), 'envelope_exhaust')).at(-1)).toBe(1)
  })

  it('is none after a single close far above', async () => {
    // the fourth close is 0.99 above its dot: less than half a width beyond the envelope
    expect((await column(evenBars([10, 10, 10, 10.99, 11.5, 11]), 'envelope_exhaust')).at(-1)).toBe(0)
  })

  it('comes on the first close inside only', async () => {
    // dot of the seventh bar (11 + 11.5 + 11) / 3 = 11.17: inside again
    expect(await column(evenBars([...up, 11]), 'envelope_exhaust')).toEqual([null, null, null, null, null, -1, 0])
  })

  it('comes when the close is back within three bars, not later', async () => {
    // dots        10  10.33  10.83  11.28  11.57  11.77
    // distances   +1  +1.17  +0.52  +0.57  +0.03            of the first list: outside, but not far, until the last close
    // distances   +1  +1.17  +0.52  +0.57  +0.53  +0.23     of the second list
    const outside = [10, 10, 10, 11, 11.5, 11.35]
    const third = [...outside, 11.85, 11.6]
    expect((await column(evenBars(third), 'envelope_exhaust')).slice(5)).toEqual([0, 0, -1])
    expect((await column(evenBars(third), 'envelope_exhaust_bars')).slice(5)).toEqual([0, 0, 2])
    const fourth = [...outside, 11.85, 12.1, 12]
    expect((await column(evenBars(fourth), 'envelope_exhaust')).slice(5)).toEqual([0, 0, 0, 0])
  })

  it('measures how far by the parameter exhaust_widths', async () => {
    expect((await column(evenBars(up), 'envelope_exhaust', { exhaust_widths: 0.51 })).at(-1)).toBe(0)
  })
})

describe('oscillation_bars', () => {
  // a run ends on bar 7; from there
  // dots         14    14   14     13.75  14
  // closes       13    14   14.25  13.75  13.75
  // positions    -0.5  0.5  0.75   0.5    0.25    the close less the dot, plus 0.5
  // each one from the second on lies in [0.2, 0.8] and comes from the position before towards the middle, or from it
  const bars = [10, 11, 12, 13, 14, 15, 13, 14, 14.25, 13.75, 13.75]

  it('counts closes in the middle of the envelope that turn back each time, in congestion', async () => {
    const expected = [null, null, null, null, null, 0, 0, 1, 2, 3, 4]
    expect(await column(evenBars(bars), 'oscillation_bars')).toEqual(expected)
  })

  it('ends when the close moves on, away from the middle', async () => {
    // dot 13.917, position 0.22 after 0.25
    expect((await column(evenBars([...bars, 13.6367]), 'oscillation_bars')).at(-1)).toBe(0)
  })

  it('ends when the close leaves the middle', async () => {
    // dot 13.917, position 0.85
    expect((await column(evenBars([...bars, 14.2667]), 'oscillation_bars')).at(-1)).toBe(0)
  })
})

describe('termination lines', () => {
  // Lines of the fourth bar for the fifth; its dots are 10 and, next, 10.3333:
  // up   5-9 = 2·10-11 = 9, 5-3 = 2·10-9 = 11 (not above the close, 11), 6-1 = 2·10.3333-12 = 8.6667,
  //      6-5 = 2·10.3333-10 = 10.6667, 6-6 = 3·10-2·10 = 10
  // down 5-9 = 2·12-9 = 15, 5-2 = 2·12-11 = 13, 6-6 = 3·12-2·10 = 16
  const four = [[11, 9, 10], [11, 9, 10], [11, 9, 10], [12, 10, 11]] as const
  const names = ['termination_touch', 'termination_lines', 'termination_count', 'termination_approach', 'momentum_fade']

  async function fifth(...bar: [number, number, number]): Promise<Value[]> {
    const rows = await geometryRows(barsOf([...four, bar]))
    for (const row of rows.slice(0, 4)) expect(names.map((name) => row[name])).toEqual([null, null, null, null, null])
    return names.map((name) => rows[4][name])
  }

  it('are touched by a bar that reaches down to an up line and closes above it', async () => {
    // slope 0.3889 after 0.3333: towards the line below, -0.3889 is less than -0.3333
    expect(await fifth(11.5, 10.8, 11.2)).toEqual([1, 'line_5_3_up', 1, 0, true])
  })

  it('are touched by a bar that reaches up to a down line and closes below it', async () => {
    // slope 0.7444 after 0.3333: towards the line above it grows
    expect(await fifth(13, 11.5, 12.2)).toEqual([-1, 'line_5_2_down', 1, 0, false])
  })

  it('say nothing when as many up lines as down lines are touched', async () => {
    expect(await fifth(13, 10.9, 12.9)).toEqual([0, 'line_5_3_up, line_5_2_down', 2, 0, false])
  })

  it('take the side of which more lines are touched', async () => {
    expect(await fifth(13, 10.6, 12.9)).toEqual([1, 'line_5_3_up, line_6_5_up, line_5_2_down', 3, 0, true])
  })

  it('are broken, not touched, by a close beyond them', async () => {
    expect(await fifth(11.2, 10.2, 10.3)).toEqual([0, '', 0, 0, false])
  })

  it('are touched by a bar that misses them by 0.0005 of its close', async () => {
    // 0.0005 · 11.2 = 0.0056
    expect(await fifth(11.5, 11.0056, 11.2)).toEqual([1, 'line_5_3_up', 1, 0, true])
    expect(await fifth(11.5, 11.0057, 11.2)).toEqual([0, '', 0, 1, false])
  })

  it('are approached by a bar that misses them by 0.005 of its close', async () => {
    // 0.005 · 11.2 = 0.056; 0.005 · 12 = 0.06
    expect(await fifth(11.3, 11.056, 11.2)).toEqual([0, '', 0, 1, false])
    expect(await fifth(11.3, 11.057, 11.2)).toEqual([0, '', 0, 0, false])
    expect(await fifth(12.94, 11.5, 12)).toEqual([0, '', 0, -1, false])
  })

  it('are touched where they are closed lines', async () => {
    // the fourth bar lies above the close before, 10: 5-3 up closed = 2·10-9 = 11; its other up lines are 13 and below 10
    const rows = await geometryRows(barsOf([...four.slice(0, 3), [13, 12, 12.5], [12, 11, 11.5]]))
    expect(rows[4].termination_lines).toBe('line_5_3_up_closed')
  })
})
