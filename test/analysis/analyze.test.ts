import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Analysis, ContextRow } from '../../src/analysis/facts.js'
import { testStore, type TestStore } from '../backtest/store.js'
import { run } from '../cli/run.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(6, '2026-01-02', '2026-03-13')
}, 60_000)
afterAll(() => store.remove())

async function analyses(...argv: string[]): Promise<Analysis[]> {
  const { code, out, err } = await store.dgas('analyze', ...argv, '--json')
  if (code !== 0) throw new Error(err)
  return JSON.parse(out) as Analysis[]
}

/** Returns what `context` says of the bars of these symbols, in their order. */
async function contextRows(bars: readonly Pick<Analysis, 'symbol' | 'bar_at'>[]): Promise<ContextRow[]> {
  const keys = bars.map(({ symbol, bar_at }) => `('${symbol}', timestamp '${bar_at}')`)
  const where = `timeframe = '30m' and (symbol, bar_at) in (${keys.join(', ')})`
  return await store.rows(`select * from context where ${where} order by symbol`) as ContextRow[]
}

describe('dgas analyze', () => {
  it('says of the last bar what context says', async () => {
    const found = await analyses(...store.symbols, '--at', '2026-03-13T17:00')
    expect(found.map(({ symbol }) => symbol)).toEqual(store.symbols)
    const rows = await contextRows(found)
    expect(rows).toHaveLength(found.length)
    for (const [index, { frames, levels, zones, next, reasons: _reasons, patterns: _patterns, geometry_parameters: _parameters, ...facts }] of found.entries()) {
      const row = rows[index]
      expect(next).toBeNull()
      expect(row).toMatchObject(facts)
      for (const { frame, ...state } of frames) {
        const prefix = frame === 'focus' ? '' : `${frame}_`
        const columns = Object.entries(state).map(([name, value]) => [`${prefix}${name}`, value])
        expect(row).toMatchObject(Object.fromEntries(columns))
      }
      expect(levels.length).toBeGreaterThan(30)
      for (const { column, price } of levels) expect(price).toBe(row[column])
      const inContext = Object.values(row).filter((value) => typeof value === 'number')
      for (const { low, high } of zones) expect(inContext).toEqual(expect.arrayContaining([low, high]))
      for (const { kind, role, timeframe, timeframes } of zones) {
        expect(timeframes.join(', ')).toBe(kind === 'confluence' ? row[`${role}_zone_timeframes`] : timeframe)
      }
    }
  })

  it('looks at a bar of a higher timeframe that has ended with the last bar, and decides as a backtest does', async () => {
    const found = await analyses(...store.symbols, '--at', '2026-03-11')
    const decided = await contextRows(found)
    // the first bar of the next session, which is beside the day that has ended
    const after = await contextRows(found.map(({ symbol }) => ({ symbol, bar_at: '2026-03-12 13:30:00' })))
    expect(after).toHaveLength(found.length)
    for (const [index, { frames, levels, zones, next, close, signal_strength, recommended_action, alignment_score }] of found.entries()) {
      const [row, nextRow] = [decided[index], after[index]]
      expect({ close, signal_strength, recommended_action, alignment_score }).toEqual(Object.fromEntries(
        ['close', 'signal_strength', 'recommended_action', 'alignment_score'].map((name) => [name, row[name]]),
      ))
      expect(next!.ended).toEqual(['1d'])
      expect(nextRow.higher_bar_at).not.toBe(row.higher_bar_at)
      expect(frames.map(({ bar_at }) => bar_at)).toEqual([row.bar_at, nextRow.higher_bar_at, nextRow.second_higher_bar_at])
      expect(frames[1]).toMatchObject({ close: nextRow.higher_close, market_state: nextRow.higher_market_state, run: nextRow.higher_run })
      for (const { column, price, frame } of levels) expect(price, column).toBe((frame === 'focus' ? row : nextRow)[column])
      const prices = levels.map(({ price }) => price)
      const confluences = zones.filter(({ kind }) => kind === 'confluence')
      for (const { low, high } of confluences) expect(prices).toEqual(expect.arrayContaining([low, high]))
      for (const { frame, kind, role, low } of zones.filter((zone) => zone.frame === 'higher')) {
        expect(low).toBe(nextRow[`${frame}_${kind}_${role}_low`])
      }
      const [{ score }] = await store.rows(`select alignment_score_of(
        ${Number(row.market_direction)}, '${String(row.market_state)}', ${Number(row.state_confidence)},
        ${Number(nextRow.higher_market_direction)}, '${String(nextRow.higher_market_state)}', ${Number(nextRow.higher_state_confidence)}) as score
        from context limit 1`)
      expect(next!.alignment_score).toBeCloseTo(score as number, 12)
      expect(next!.higher_strength).toBe(nextRow.higher_strength)
    }
    const changed = found.filter(({ next, recommended_action }) => next!.recommended_action !== recommended_action)
    expect(changed.length).toBeGreaterThan(0)
    const { out } = await store.dgas('analyze', ...store.symbols, '--at', '2026-03-11')
    expect(out.match(/^1d ended with it: .*\nNext: /gm)).toHaveLength(found.length)
  }, 30_000)

  it('ends a day and a week together', async () => {
    const [{ next, frames }] = await analyses(store.symbols[0], '--at', '2026-03-06')
    expect(next!.ended).toEqual(['1d', '1w'])
    expect(frames.map(({ bar_at }) => bar_at!.slice(0, 10))).toEqual(['2026-03-06', '2026-03-06', '2026-03-02'])
    const { out } = await store.dgas('analyze', store.symbols[0], '--at', '2026-03-06')
    expect(out).toMatch(/^1d and 1w ended with it: /m)
  })

  it('orders levels by price and measures them from the close', async () => {
    const [{ levels, close, mean_range }] = await analyses(store.symbols[0])
    const prices = levels.map(({ price }) => price)
    expect(prices).toEqual([...prices].sort((a, b) => b - a))
    expect(new Set(levels.map(({ frame }) => frame))).toEqual(new Set(['focus', 'higher', 'second_higher']))
    for (const { price, role, distance_pct, distance_ranges } of levels) {
      expect(close * (1 + distance_pct / 100)).toBeCloseTo(price, 8)
      expect(close + distance_ranges! * mean_range).toBeCloseTo(price, 8)
      if (role !== 'close') expect(role === 'support').toBe(price < close)
    }
  })

  it('lists every pattern of the last ten bars of each frame', async () => {
    const [symbol] = store.symbols
    const [{ patterns, frames }] = await analyses(symbol)
    for (const { frame, timeframe, bar_at } of frames) {
      const source = `from geometry where timeframe = '${timeframe}' and symbol = '${symbol}' and bar_at <= timestamp '${bar_at}'`
      const rows = await store.rows(`select * ${source} order by bar_at desc limit 10`) as ContextRow[]
      const seen = patterns.filter((event) => event.frame === frame)
      for (const pattern of ['push', 'refresh', 'exhaust', 'envelope_exhaust', 'c_wave', 'termination_touch']) {
        const expected = rows.flatMap((row, ago) => Number(row[pattern] ?? 0) === 0 ? [] : [[ago, Math.sign(Number(row[pattern]))]])
        const events = seen.filter((event) => event.pattern === pattern)
        expect(events.map(({ bars_ago, direction }) => [bars_ago, direction])).toEqual(expected)
      }
      expect(seen.length).toBeGreaterThan(3)
    }
  })

  it('gives the reasons that lead to the action and the risk', async () => {
    const dates = ['2026-02-10', '2026-02-18', '2026-02-26', '2026-03-06', '2026-03-13']
    const actions = new Set<string | null>()
    for (const date of dates) {
      for (const { recommended_action, risk_level, reasons } of await analyses(...store.symbols, '--at', date)) {
        const action = reasons.filter(({ of }) => of === 'action').map(({ holds }) => holds)
        const [isPermitted, isVeryStrong, isHigherStrong, isStrong] = reasons.filter(({ of }) => of === 'risk').map(({ holds }) => holds)
        const isTrade = recommended_action === 'long' || recommended_action === 'short'
        expect(isTrade).toBe(action.every((holds) => holds === true))
        expect(recommended_action === 'reduce').toBe(action.at(-1) === false)
        const medium = isPermitted === true && isStrong === true ? 'medium' : 'high'
        expect(risk_level).toBe(medium === 'medium' && isVeryStrong && isHigherStrong ? 'low' : medium)
        actions.add(recommended_action)
      }
    }
    expect(actions.size).toBeGreaterThan(1)
  }, 60_000)

  it('looks at other timeframes', async () => {
    const [{ timeframe, frames, bar_at, signal_strength }] = await analyses(store.symbols[1], '--timeframe', '1h', '--higher', '4h')
    expect(timeframe).toBe('1h')
    expect(frames.map((frame) => frame.timeframe)).toEqual(['1h', '4h'])
    const row = (await store.rows(`select close from bars where timeframe = '1h' and symbol = '${store.symbols[1]}'
      and bar_at = timestamp '${bar_at}'`))[0]
    expect(frames[0].close).toBe(row.close)
    expect(signal_strength).not.toBeNull()
  })

  it('shows everything within 100 columns', async () => {
    const { out } = await store.dgas('analyze', ...store.symbols)
    for (const part of ['Levels for the next 30m bar', 'Zones', 'Patterns of the last 10 bars', '◀ close', 'Action: ']) {
      expect(out.split(part)).toHaveLength(store.symbols.length + 1)
    }
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })
})

describe('dgas analyze --at', () => {
  it.each([
    ['2026-02-11', '2026-02-11', 'closed_at < date \'2026-02-12\''],
    ['2026-02-11T16:47Z', '2026-02-11', 'closed_at <= timestamp \'2026-02-11 16:47\''],
    ['2026-02-11T11:30-05:00', '2026-02-11', 'closed_at <= timestamp \'2026-02-11 16:30\''],
  ])('sees at %s what a store that ends there shows', async (at, session, condition) => {
    const folder = mkdtempSync(join(tmpdir(), 'dgas-cut-'))
    const bars = await store.dgas('query', `select * from bars where timeframe = '30m' and ${condition}`, '--format', 'csv')
    const file = store.file(`until-${at.replaceAll(':', '-')}.csv`, bars.out)
    const imported = await run(['--store', folder, 'import', file, '--timeframe', '30m'])
    expect(imported.err + String(imported.code)).toMatch(/0$/)
    const cut = await run(['--store', folder, 'analyze', ...store.symbols, '--json'])
    const then = await analyses(...store.symbols, '--at', at)
    expect(then).toEqual(JSON.parse(cut.out))
    expect(then[0].session_date).toBe(session)
    rmSync(folder, { recursive: true })
  }, 30_000)

  it('does not count a day that has not ended', async () => {
    const [symbol] = store.symbols
    const [during] = await analyses(symbol, '--timeframe', '1d', '--at', '2026-02-11T17:00')
    const [after] = await analyses(symbol, '--timeframe', '1d', '--at', '2026-02-11')
    expect(during.session_date).toBe('2026-02-10')
    expect(after.session_date).toBe('2026-02-11')
    const [week] = await analyses(symbol, '--timeframe', '1w', '--at', '2026-02-11')
    expect(week.bar_at).toBe('2026-02-02 00:00:00')
  })

  it('shows a frame of which no bar has ended yet', async () => {
    const { out } = await store.dgas('analyze', store.symbols[0], '--at', '2026-01-02T16:00')
    expect(out).toContain('none has ended')
    const [{ frames, recommended_action, patterns }] = await analyses(store.symbols[0], '--at', '2026-01-02T16:00')
    expect(frames[1]).toMatchObject({ timeframe: '1d', bar_at: null, market_state: null })
    expect(recommended_action).toBeNull()
    expect(patterns.every(({ frame }) => frame === 'focus')).toBe(true)
  })
})

describe('the errors of dgas analyze', () => {
  it.each([
    [['NOPE'], 2, /the store has no bars of "NOPE"/],
    [['SYM', '--at', 'yesterday'], 2, /--at: "yesterday" is neither a date nor an instant; expected a date such as/],
    [['SYM', '--at', '2026-02-30'], 2, /"2026-02-30" is neither/],
    [['SYM', '--at', '2025-12-31'], 1, /has no 30m bar that had closed by the end of 2025-12-31/],
    [['SYM', '--at', '2026-01-02T14:45'], 1, /has no 30m bar that had closed by 2026-01-02 14:45:00 UTC/],
    [['SYM', '--timeframe', '5m'], 2, /--timeframe: there are no bars from which 5m bars could be made/],
    [['SYM', '--timeframe', '1x'], 2, /there is no timeframe "1x"/],
    [['SYM', '--higher', '1w,1d'], 2, /--higher: "1w,1d" is no ladder above 30m/],
    [['SYM', '--levels', '0'], 2, /--levels: "0" is no value/],
  ])('%s', async (argv, code, message) => {
    const outcome = await store.dgas('analyze', ...argv.map((word) => (word === 'SYM' ? store.symbols[0] : word)))
    expect(outcome.err).toMatch(message)
    expect(outcome.code).toBe(code)
    expect(outcome.out).toBe('')
  })
})
