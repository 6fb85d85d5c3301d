import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { desc, op, table } from 'arquero'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FullReport } from '../../src/report/record.js'
import { metricRelations } from '../../src/store/metric-relations.js'
import { testStore, type TestStore } from './store.js'

let store: TestStore
let folder: string
beforeAll(async () => {
  store = await testStore(6, '2026-01-02', '2026-03-13')
  folder = store.folder
})
afterAll(() => store.remove())

const rules = ['--strategy', 'multi_timeframe', '--commission-rate', '0.0005', '--slippage-bps', '2', '--allow-short']

async function reportOf(run: string): Promise<FullReport> {
  const { code, out, err } = await store.dgas('--json', 'report', run)
  if (code !== 0) throw new Error(err)
  return JSON.parse(out) as FullReport
}

describe('the relations of metrics', () => {
  it.each(Object.entries(metricRelations))('%s is empty with its columns before the first run', async (name, columns) => {
    expect(await store.rows(`select * from ${name}`)).toEqual([])
    const described = await store.rows(`select column_name, column_type from (describe ${name})`)
    expect(described).toEqual(Object.entries(columns).map(([column_name, column_type]) => ({ column_name, column_type })))
  })
})

describe.each([
  ['separate accounts', []],
  ['a shared account', ['--portfolio', '--fraction', '0.3', '--max-positions', '3']],
])('the metrics of a run with %s', (_name, portfolio) => {
  let run: string
  let report: FullReport
  let metrics: Record<string, number | null>
  beforeAll(async () => {
    run = await store.backtest(...rules, ...portfolio, '--benchmark', store.symbols[0], '--trials', '10', '--by-state', '--batch-bars', '900')
    report = await reportOf(run)
    metrics = report.record.metrics
  })

  const ofRun = (relation: string, more = 'true') => store.rows(`select * exclude (run_id) from ${relation} where run_id = '${run}' and ${more}`)

  it('are the same in the report as in the relations, null exactly where a reason is given', async () => {
    const { record } = report
    const reasons: Partial<Record<string, string>> = record.metric_reasons
    const expected = Object.entries(metrics).map(([metric, value]) => ({ metric, value, reason: reasons[metric] ?? null }))
    expect(await ofRun('metrics')).toEqual(expected)
    for (const { value, reason } of expected) expect(value === null).toBe(reason !== null)
    expect(await ofRun('symbol_metrics')).toEqual(report.symbol_metrics)
    expect(await ofRun('trade_groups')).toEqual(report.trade_groups)
    expect((await ofRun('drawdowns')).length).toBe(report.drawdowns.length)
    expect(record.trades).toBeGreaterThan(20)
  })

  it('agree with SQL over the trades', async () => {
    const [sums] = await store.rows(`
      select
        count(*) as trades, sum(net_profit) as net_profit, sum(commission) as commission, sum(slippage) as slippage,
        avg(net_profit) as expectancy, avg(r_multiple) as expectancy_r, avg(bars_held) as average_bars_held,
        sqrt(count(r_multiple)) * avg(r_multiple) / stddev_samp(r_multiple) as system_quality_number,
        100 * avg((net_profit > 0)::integer) as win_rate_pct,
        (avg(net_profit) filter (net_profit > 0)) / -(avg(net_profit) filter (net_profit < 0)) as payoff_ratio,
        sum(net_profit) filter (net_profit > 0) / -sum(net_profit) filter (net_profit < 0) as profit_factor,
        max(bars_held) as longest_bars_held,
        100 * avg(maximum_adverse_excursion / quantity / entry_price) as average_adverse_excursion_pct,
        100 * max(maximum_favorable_excursion / quantity / entry_price) as best_favorable_excursion_pct
      from trades where run_id = '${run}'`)
    expectClose(metrics, sums)
    expect(sums.commission as number).toBeGreaterThan(0)
    expect(sums.slippage as number).toBeGreaterThan(0)
  })

  it('agree with SQL over the equity at the closes of sessions', async () => {
    const accounts = portfolio.length === 0 ? 6 : 1
    const [sums] = await store.rows(`
      with closes as (
        select account, session_date, arg_max(equity, bar_at) as equity from equity where run_id = '${run}' group by all
      ),
      totals as (
        select session_date, sum(equity) as equity from closes group by all having count(*) = ${accounts}
      ),
      returns as (
        select *, equity / lag(equity, 1, ${accounts * 100_000}) over (order by session_date) - 1 as change,
          1 - equity / greatest(${accounts * 100_000}, max(equity) over (order by session_date)) as fall
        from totals
      )
      select
        count(*) as sessions,
        100 * (last(equity order by session_date) / ${accounts * 100_000} - 1) as total_return_pct,
        100 * sqrt(252) * stddev_samp(change) as annual_volatility_pct,
        sqrt(252) * avg(change) / stddev_samp(change) as sharpe_ratio,
        sqrt(252) * avg(change) / sqrt(avg(least(change, 0) ** 2)) as sortino_ratio,
        sum(change) filter (change > 0) / -sum(change) filter (change < 0) as omega_ratio,
        skewness(change) as skewness,
        kurtosis(change) as excess_kurtosis,
        -100 * quantile_cont(change, 0.05) as value_at_risk_95_pct,
        100 * max(fall) as maximum_drawdown_pct,
        100 * sqrt(avg(fall ** 2)) as ulcer_index_pct,
        100 * max(change) as best_day_pct,
        100 * min(change) as worst_day_pct
      from returns`)
    expectClose(metrics, sums)
  })

  it('agree with SQL over the bars of the benchmark and of all symbols', async () => {
    const first = `(select min(session_date) from equity where run_id = '${run}')`
    const [sums] = await store.rows(`
      with closes as (
        select symbol, session_date, first(open order by bar_at) as open, last(close order by bar_at) as close
        from bars where timeframe = '30m' and session_date >= ${first} group by all
      ),
      growth as (
        select symbol, last(close order by session_date) / first(open order by session_date) as growth,
          last(close order by session_date) / first(close order by session_date) as since_first_close
        from closes group by symbol
      )
      select
        100 * (avg(growth) - 1) as buy_and_hold_return_pct,
        100 * (any_value(since_first_close) filter (symbol = '${store.symbols[0]}') - 1) as benchmark_return_pct
      from growth`)
    expectClose(metrics, sums)
    for (const name of ['beta', 'alpha_pct', 'correlation', 'information_ratio', 'up_capture_pct', 'down_capture_pct']) {
      expect(metrics[`benchmark_${name}`]).toEqual(expect.any(Number))
      expect(metrics[`buy_and_hold_${name}`]).toEqual(expect.any(Number))
    }
  })

  it('have the curves that the run is compared with', async () => {
    const rows = await store.rows(`
      select benchmark, count(*) as sessions, arg_max(growth, session_date) as growth
      from benchmarks where run_id = '${run}' group by benchmark order by benchmark = 'buy_and_hold'`)
    const [{ sessions }] = await store.rows(`select count(distinct session_date) as sessions from equity where run_id = '${run}'`)
    expect(rows.map(({ benchmark }) => benchmark)).toEqual([store.symbols[0], 'buy_and_hold'])
    for (const [at, name] of ['benchmark_return_pct', 'buy_and_hold_return_pct'].entries()) {
      expect((Number(rows[at].growth) - 1) * 100).toBeCloseTo(metrics[name]!, 8)
      expect(rows[at].sessions).toBe(sessions)
    }
  })

  it('compound monthly returns to the total', async () => {
    const growth = report.monthly_returns.reduce((product, { return_pct }) => product * (1 + return_pct! / 100), 1)
    expect((growth - 1) * 100).toBeCloseTo(metrics.total_return_pct!, 8)
    expect(report.monthly_returns.map(({ month }) => month)).toEqual(['2026-01-01', '2026-02-01', '2026-03-01'])
    expect(Math.max(...report.monthly_returns.map(({ return_pct }) => return_pct!))).toBe(metrics.best_month_pct)
    const each = await store.rows(`
      select account, 100 * (product(1 + return_pct / 100) - 1) as return_pct
      from monthly_returns where run_id = '${run}' and account <> 'total' group by account order by account`)
    const symbols = report.symbols.map(({ symbol, return_pct }) => ({ account: symbol, return_pct: expect.closeTo(return_pct!, 8) as number }))
    expect(each).toEqual(portfolio.length === 0 ? symbols : [])
  })

  it('rank drawdowns by depth', () => {
    const [deepest] = report.drawdowns
    expect(deepest).toMatchObject({ rank: 1, depth_pct: metrics.maximum_drawdown_pct, length_days: metrics.maximum_drawdown_days })
    const depths = report.drawdowns.map(({ depth_pct }) => depth_pct)
    expect(depths).toEqual(depths.toSorted((a, b) => b - a))
    expect(Date.parse(deepest.bottom)).toBeGreaterThanOrEqual(Date.parse(deepest.start))
  })

  it('have for each symbol the columns of symbols, and more', () => {
    for (const { outcome: _outcome, reason: _reason, ...row } of report.symbols) {
      expect(report.symbol_metrics.find(({ symbol }) => symbol === row.symbol)).toMatchObject(row)
    }
    expect(report.symbol_metrics.map(({ trades }) => trades as number).reduce((a, b) => a + b)).toBe(metrics.trades)
  })

  it('group trades as Arquero does', async () => {
    const trades = await ofRun('trades')
    for (const grouping of ['side', 'entry_reason', 'exit_reason']) {
      const rows = table(Object.fromEntries(Object.keys(trades[0]).map((name) => [name, trades.map((row) => row[name])])))
        .groupby(grouping)
        .rollup({ trades: op.count(), net_profit: op.sum('net_profit'), costs: op.sum('costs'), expectancy: op.mean('net_profit') })
        .orderby(desc('trades'))
        .objects() as Record<string, unknown>[]
      const made = report.trade_groups.filter((row) => row.grouping === grouping)
      expect(made.length).toBe(rows.length)
      for (const { [grouping]: value, ...figures } of rows) {
        expectClose(made.find((row) => row.value === value) as unknown as Record<string, number>, figures)
      }
    }
  })

  it('group every trade once by each property, by the clock of the exchange', async () => {
    const counts = new Map<string, number>()
    for (const { grouping, trades } of report.trade_groups) counts.set(grouping, (counts.get(grouping) ?? 0) + trades)
    expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(
      ['entry_reason', 'exit_reason', 'hour', 'market_state', 'month', 'side', 'weekday'].map((name) => [name, metrics.trades]),
    ))
    const valuesOf = (grouping: string) => report.trade_groups.filter((row) => row.grouping === grouping).map(({ value }) => value)
    const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']
    expect(valuesOf('weekday')).toEqual(weekdays.filter((day) => valuesOf('weekday').includes(day)))
    for (const hour of valuesOf('hour')) expect(Number(hour)).toBeGreaterThanOrEqual(9)
    for (const hour of valuesOf('hour')) expect(Number(hour)).toBeLessThan(16)
    const [{ hours }] = await store.rows(`
      select list_sort(list(distinct hour(timezone('America/New_York', entry_at at time zone 'UTC')))) as hours
      from trades where run_id = '${run}'`)
    expect(valuesOf('hour').map(Number)).toEqual(hours)
  })

  it('group trades by the state of the market at their signal', async () => {
    const states = await store.rows(`
      select market_state as value, count(*) as trades, 100 * avg((net_profit > 0)::integer) as win_rate_pct
      from trades join (select * from states where timeframe = '30m') as states
        on states.symbol = trades.symbol and states.bar_at = trades.signal_at
      where run_id = '${run}' group by market_state order by market_state`)
    const made = report.trade_groups.filter(({ grouping }) => grouping === 'market_state')
    expect(made.map(({ value, trades }) => ({ value, trades }))).toEqual(states.map(({ value, trades }) => ({ value, trades })))
    expect(states.length).toBeGreaterThan(1)
  })

  it('are the same to the last bit with any number of threads and any size of the batches', async () => {
    const other = await store.backtest(...rules, ...portfolio, '--benchmark', store.symbols[0], '--trials', '10', '--by-state', '--threads', '1')
    for (const relation of Object.keys(metricRelations)) {
      const again = await store.rows(`select * exclude (run_id) from ${relation} where run_id = '${other}' order by all`)
      expect(again).toEqual(await store.rows(`select * exclude (run_id) from ${relation} where run_id = '${run}' order by all`))
    }
  })

  it('are in the report as Markdown', () => {
    const text = readFileSync(join(folder, 'runs', run, 'report.md'), 'utf8')
    for (const heading of ['Monthly returns in per cent', 'Deepest drawdowns', 'Trades by side', 'Trades by exit reason', 'All metrics']) {
      expect(text).toContain(`\n## ${heading}\n\n|`)
    }
    expect(text).toContain(`| ${report.drawdowns[0].start} | ${report.drawdowns[0].bottom} |`)
    expect(text).toMatch(/\| 2026 \|(?: -?[\d.]+ \|){3}(?: {2}\|){9} -?[\d.]+ \|/)
  })
})

describe('metrics that cannot be computed', () => {
  it('have a reason: no benchmark, no number of trials, no trades', async () => {
    const never = store.file('never.sql', '-- Believes in nothing.\nselect symbol, bar_at, 0 as entry from bars where timeframe = $timeframe\n')
    const run = await store.backtest('--strategy', never)
    const rows = await store.rows(`select metric, value, reason from metrics where run_id = '${run}' order by metric`)
    const reasonOf = (name: string) => rows.find(({ metric }) => metric === name)
    expect(reasonOf('benchmark_beta')).toMatchObject({ value: null, reason: 'no benchmark is given (--benchmark)' })
    expect(reasonOf('win_rate_pct')).toMatchObject({ value: null, reason: 'no trades' })
    expect(reasonOf('sharpe_ratio')).toMatchObject({ value: null, reason: 'the equity does not move' })
    expect(reasonOf('total_return_pct')).toMatchObject({ value: 0, reason: null })
    expect(await store.rows(`select * from trade_groups where run_id = '${run}'`)).toEqual([])
    const other = await reportOf(await store.backtest(...rules))
    expect(other.record.metric_reasons.deflated_sharpe_ratio).toBe('the number of trials is not given (--trials)')
  })

  it('are refused for a benchmark that the store does not have', async () => {
    const { code, err } = await store.dgas('backtest', '--benchmark', `${store.symbols[0]}X`)
    expect(code).toBe(2)
    expect(err).toContain(`no daily or shorter bars of "${store.symbols[0]}X"`)
    expect(err).toContain(store.symbols[0])
    expect((await store.dgas('backtest', '--trials', '0')).code).toBe(2)
  })
})

function expectClose(metrics: Record<string, number | null>, expected: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(expected)) {
    expect(typeof value, name).toBe('number')
    expect(metrics[name] ?? NaN, name).toBeCloseTo(value as number, 8 - Math.ceil(Math.log10(1 + Math.abs(value as number))))
  }
}
