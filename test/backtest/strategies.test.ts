import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { literal } from '../../src/database/quote.js'
import { builtInStrategies } from '../../src/strategies/strategy.js'
import { testStore, type TestStore } from './store.js'

let store: TestStore
/** SQL of the rows of `context`, which are computed once. */
let context: string
beforeAll(async () => {
  store = await testStore(6)
  const file = join(store.folder, 'context.parquet')
  const { code, err } = await store.dgas('query', `select * from context where timeframe = '30m'`, '--output', file)
  expect(code, err).toBe(0)
  context = `(from read_parquet(${literal(file)}))`
})
afterAll(() => store.remove())

const runs = new Map<string, Promise<string>>()

/** Returns the id of the run of a built-in strategy with these choices, which is carried out once. */
function runOf(strategy: string, ...more: string[]): Promise<string> {
  const argv = ['--strategy', strategy, '--allow-short', ...more]
  const run = runs.get(argv.join(' ')) ?? store.backtest(...argv)
  runs.set(argv.join(' '), run)
  return run
}

interface Counts {
  trades: number
  wrong: number
  [count: string]: number
}

/** Backtests a strategy and counts its trades, those whose signal does not satisfy `holds`, and what else `counts` says. */
async function signalsOf(strategy: string, relation: string, holds: string, counts = '0 as none', ...more: string[]): Promise<Counts> {
  const run = await runOf(strategy, ...more)
  const [row] = await store.rows(`
    with decided as (
      select *, if(trades.side = 'long', 1, -1) as d
      from trades join ${relation} as bars on bars.symbol = trades.symbol and bars.bar_at = trades.signal_at
      where run_id = '${run}' and bars.timeframe = '30m'
    )
    select count(*) as trades, count(*) filter (not coalesce(${holds}, false)) as wrong, ${counts} from decided`)
  return row as unknown as Counts
}

describe('multi_timeframe', () => {
  const holds = `recommended_action = trades_side and alignment_score >= 0.6 and signal_strength >= 0.55
    and if(d = 1, support_zone_weight, resistance_zone_weight) >= 2.5`.replace('trades_side', `if(d = 1, 'long', 'short')`)

  it('enters in the direction of the recommended action, at a zone, with a pattern', async () => {
    const pattern = `(push = d and push_bars >= 2 or c_wave * d >= 2 or refresh = d and refresh_bars >= 2
      or termination_touch = d and termination_count >= 2 or higher_push = d and higher_push_bars >= 2 or higher_c_wave * d >= 2
      or higher_refresh = d and higher_refresh_bars >= 2 or higher_termination_touch = d and higher_termination_count >= 2)`
    const { trades, wrong } = await signalsOf('multi_timeframe', context, `${holds} and ${pattern}`)
    expect(trades).toBeGreaterThan(100)
    expect(wrong).toBe(0)
  })

  it('places the stop beyond the zone by its width, and the target at twice the risk', async () => {
    const run = await runOf('multi_timeframe')
    const [{ entries, wrong }] = await store.rows(`
      with decided as (
        select signals.*, close, if(entry = 1, support_zone_low, resistance_zone_high) as edge,
          greatest(if(entry = 1, support_zone_high - support_zone_low, resistance_zone_high - resistance_zone_low), 0.001 * close) as width
        from signals join ${context} using (symbol, bar_at) where run_id = '${run}' and timeframe = '30m'
      )
      select count(*) as entries, count(*) filter (abs(stop_price - (edge - entry * width)) > 1e-6
        or abs(target_price - (close + 2 * (close - stop_price))) > 1e-6) as wrong
      from decided`)
    expect(entries as number).toBeGreaterThan(100)
    expect(wrong).toBe(0)
  })

  it('leaves when the timeframes disagree, and with the pattern that ends a move', async () => {
    const run = await runOf('multi_timeframe')
    const exits = await store.rows(`
      with exits as (
        select trades.*, if(trades.side = 'long', -1, 1) as opposite, lag(bar_at) over (partition by bars.symbol order by bar_at) as decided_at, bar_at
        from bars left join trades on trades.symbol = bars.symbol and trades.exit_at = bars.bar_at and run_id = '${run}'
        where bars.timeframe = '30m'
      )
      select exit_reason, count(*) as exits, count(*) filter (not coalesce(context.is_trade_permitted, false)) as unpermitted,
        count(*) filter (termination_touch = opposite or exhaust = opposite or envelope_exhaust = opposite) as against
      from exits join ${context} as context on context.symbol = exits.symbol and context.bar_at = exits.decided_at
      where run_id is not null and context.timeframe = '30m' and exit_reason in ('alignment broken', 'exhaust or termination', 'wait', 'reduce')
      group by exit_reason`)
    const byReason = Object.fromEntries(exits.map((row) => [String(row.exit_reason), row])) as Record<string, Record<string, unknown>>
    expect(byReason['alignment broken']).toBeDefined()
    expect(byReason['alignment broken'].unpermitted).toBe(byReason['alignment broken'].exits)
    expect(byReason['exhaust or termination'].against).toBe(byReason['exhaust or termination'].exits)
  })

  it('asks on the bars where nothing is permitted only when a position may be open', async () => {
    const everyBar = `-- Believes nothing.
      with context as (select * from context where timeframe = $timeframe)
      select symbol, bar_at, not coalesce(is_trade_permitted, false) as exit_long,
        coalesce(is_trade_permitted, false) and bar_at.minute() = 30 as entry_wanted from context`
      .replace('as entry_wanted', '::integer as entry')
    const sparse = everyBar.replace('from context`', '').replace(/from context$/, 'from context where is_trade_permitted or was_trade_permitted or is_higher_bar_new')
    const trades = async (text: string) => {
      const run = await store.backtest('--strategy', store.file('own.sql', text))
      return store.rows(`select * exclude (run_id) from trades where run_id = '${run}' order by symbol, entry_at`)
    }
    const dense = await trades(everyBar)
    expect(dense.length).toBeGreaterThan(50)
    expect(await trades(sparse)).toEqual(dense)
  })

  it('reads one higher timeframe too', async () => {
    expect(await signalsOf('multi_timeframe', 'bars', 'true', '0 as none', '--higher', '1d')).toMatchObject({ wrong: 0 })
  })

  it.each([
    ['min_signal_strength', '0.8'], ['min_zone_weight', '4'], ['min_pattern_strength', '4'], ['min_alignment', '0.95'],
  ])('enters less often with a larger %s', async (name, value) => {
    const entries = async (...more: string[]) => {
      const run = await runOf('multi_timeframe', ...more)
      const [row] = await store.rows(`select count(*) as entries from signals where run_id = '${run}'`)
      return row.entries as number
    }
    const fewer = await entries('--param', `${name}=${value}`)
    expect(fewer).toBeGreaterThan(0)
    expect(fewer).toBeLessThan(await entries())
  })
})

describe('pldot_refresh', () => {
  it('enters in runs only, on a refresh, and the stop is beyond the envelope', async () => {
    const stop = 'd * (if(d = 1, envelope_bottom_next, envelope_top_next) - stop_price) > 0'
    const { trades, wrong } = await signalsOf('pldot_refresh', 'geometry', `run = d and refresh = d and ${stop}`)
    expect(trades).toBeGreaterThan(50)
    expect(wrong).toBe(0)
  })

  it('holds no position longer than the run', async () => {
    const run = await runOf('pldot_refresh')
    const [{ wrong, held }] = await store.rows(`
      with numbered as (
        select symbol, bar_at, run, lead(bar_at) over (partition by symbol order by bar_at) as next_at
        from geometry where timeframe = '30m'
      )
      select count(*) as held, count(*) filter (run is distinct from if(trades.side = 'long', 1, -1)) as wrong
      from trades join numbered on numbered.symbol = trades.symbol and bar_at >= signal_at and next_at < exit_at
      where run_id = '${run}'`)
    expect(held as number).toBeGreaterThan(100)
    expect(wrong).toBe(0)
  })
})

describe('envelope_fade', () => {
  it('enters in congestion only, at the border of the envelope, with the dot as target', async () => {
    const border = 'd * (if(d = 1, envelope_bottom_next, envelope_top_next) - entry_price) > -1e-6 and abs(target_price - pldot_next) < 1e-6'
    const { trades, wrong } = await signalsOf('envelope_fade', 'geometry', `market_state = 'congestion_action' and ${border}`)
    expect(trades).toBeGreaterThan(50)
    expect(wrong).toBe(0)
  })
})

describe('termination_fade', () => {
  it('enters on each touched 5-9 or 5-2 line that coincides with a level of the higher timeframe, and on nothing else', async () => {
    const [{ levels }] = await store.rows(`
      select string_agg(column_name, ', ') as levels from (describe context) where regexp_matches(
        column_name,
        '^higher_(pldot_next|envelope_(top|bottom)_next|one_one_(high|low)_next|block_level|line_\\d_\\d_(up|down)(_closed)?)$'
      )`)
    expect((levels as string).split(', ')).toHaveLength(28)
    const run = await runOf('termination_fade')
    // each touched line as a row, and each level of the higher timeframe beside it
    const expected = `
      with bars as (
        select *, lag(columns(['line_5_9_up', 'line_5_2_up', 'line_5_9_down', 'line_5_2_down'])) over (partition by symbol order by bar_at) as 'plotted_\\0'
        from ${context} where timeframe = '30m'
      ),
      lines as (
        select * from (
          select symbol, bar_at, close, termination_touch as d, unnest(string_split(termination_lines, ', ')) as name,
            plotted_line_5_9_up, plotted_line_5_2_up, plotted_line_5_9_down, plotted_line_5_2_down,
            [${levels as string}] as levels
          from bars where termination_touch <> 0
        ) where name in (if(d = 1, 'line_5_9_up', 'line_5_9_down'), if(d = 1, 'line_5_2_up', 'line_5_2_down'))
      ),
      pairs as (
        select *, unnest(levels) as level, case name
          when 'line_5_9_up' then plotted_line_5_9_up when 'line_5_2_up' then plotted_line_5_2_up
          when 'line_5_9_down' then plotted_line_5_9_down else plotted_line_5_2_down end as line
        from lines
      )
      select distinct symbol, bar_at, d::integer as entry from pairs where abs(line - level) <= 0.001 * close`
    const entered = `select symbol, bar_at, entry::integer as entry from signals where run_id = '${run}' and entry <> 0`
    const [{ both, missing, extra }] = await store.rows(`
      with expected as (${expected}), entered as (${entered})
      select
        (select count(*) from (from expected intersect from entered)) as both,
        (select count(*) from (from expected except from entered)) as missing,
        (select count(*) from (from entered except from expected)) as extra`)
    expect(both as number).toBeGreaterThan(100)
    expect([missing, extra]).toEqual([0, 0])
  })

  it('enters less often where line and level must lie nearer', async () => {
    const wide = await signalsOf('termination_fade', context, 'true')
    const near = await signalsOf('termination_fade', context, 'true', '0 as none', '--param', 'max_distance=0.0001')
    expect(near.trades).toBeLessThan(wide.trades)
  })
})

describe('congestion_breakout', () => {
  it('enters on the first day of an exit with the higher run, between stop and target', async () => {
    const exit = `bar_state = 'exit' and bar_state_day = 1 and direction = d and higher_run = d`
    const { trades, wrong } = await signalsOf('congestion_breakout', context, exit)
    expect(trades).toBeGreaterThan(20)
    expect(wrong).toBe(0)
  })
})

describe.each(builtInStrategies())('%s', (strategy) => {
  it('trades a symbol alone as it does among all', async () => {
    const trades = async (run: string) => {
      return store.rows(`select * exclude (run_id) from trades where run_id = '${run}' and symbol = '${symbol}' order by entry_at, quantity`)
    }
    const symbol = store.symbols[2]
    const alone = await trades(await runOf(strategy, symbol))
    expect(alone.length).toBeGreaterThan(0)
    expect(await trades(await runOf(strategy))).toEqual(alone)
  })
})

describe('another method of the envelope', () => {
  it('is the envelope that a strategy trades, and is said in the report', async () => {
    const envelope = `-- Believes nothing.
      select symbol, bar_at, 1 as entry, close - 1000 as stop_price, envelope_top_next as target_price
      from geometry where timeframe = $timeframe and envelope_top_next > close`
    const targets = async (...more: string[]) => {
      const run = await store.backtest('--strategy', store.file('top.sql', envelope), ...more)
      return { run, rows: await store.rows(`
        select round(target_price / pldot_next - 1, 9) as share from signals join geometry using (symbol, bar_at)
        where run_id = '${run}' and timeframe = '30m'`) }
    }
    const percent = await targets('--envelope-method', 'percent')
    expect(percent.rows.length).toBeGreaterThan(100)
    expect(percent.rows.every(({ share }) => share === 0.01)).toBe(true)
    expect((await store.dgas('report', percent.run)).out).toContain('envelope by the method percent')
    const usual = await targets()
    expect(usual.rows.every(({ share }) => share === 0.01)).toBe(false)
    expect((await store.dgas('report', usual.run)).out).not.toContain('envelope')
  })
})

describe('a displacement of 0', () => {
  it('changes the trades and is said in the report', async () => {
    const [usual, zero] = [
      await store.backtest('--strategy', 'pldot_refresh', '--run-id', 'usual'),
      await store.backtest('--strategy', 'pldot_refresh', '--run-id', 'zero', '--displacement', '0'),
    ]
    const count = async (run: string) => (await store.rows(`select entry_at from trades where run_id = '${run}' order by all`))
    expect(await count(zero)).not.toEqual(await count(usual))
    expect((await store.dgas('report', zero)).out).toContain('displacement 0')
    expect((await store.dgas('report', zero, '--markdown')).out).toContain('displacement 0')
    expect((await store.dgas('report', usual)).out).not.toContain('displacement')
  })
})
