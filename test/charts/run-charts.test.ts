import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import Ajv from 'ajv'
import { compile } from 'vega-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Spec } from '../../src/charts/frame.js'
import { toSvg } from '../../src/charts/render.js'
import { textWidth } from '../../src/charts/text-width.js'
import { runChartNamed, runCharts, type RunChartOptions } from '../../src/charts/run-charts.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import { dataset, titles } from './specs.js'

const runs = ['many', 'one', 'none', 'shared'] as const
let database: Database

/** Runs of 120 sessions: 40 symbols with 100,000 trades, one symbol of one session and one trade, none at all, and one account. */
beforeAll(async () => {
  database = await openDatabase({ threads: 1 })
  const day = "date '2025-11-03' + i::integer"
  await database.run(`
    select setseed(0.4);
    create view runs as
      select unnest(['many', 'one', 'none', 'shared']) as run_id, 'pldot_cross' as strategy, '30m' as timeframe,
        unnest(['separate', 'separate', 'separate', 'shared']) as accounts, 1000.0 as capital;
    create table equity as
      select 'many' as run_id, 's' || s as account, ${day} as session_date, (${day}) + interval 20 hour as bar_at,
        1000 + s + 30 * sin(i / 9.0 + s) + 15 * sin(i / 10.0) + i / 3.0 as equity
      from range(40) as symbols(s), range(120) as sessions(i)
      union all select 'one', 's0', date '2026-01-05', timestamp '2026-01-05 20:30:00', 1010
      union all select 'none', 's0', ${day}, (${day}) + interval 20 hour, 1000 from range(30) as sessions(i)
      union all select 'shared', 'portfolio', ${day}, (${day}) + interval 20 hour, 1000 + i from range(30) as sessions(i);
    create table trades as
      with numbered as (
        select n, n % 40 as s, (random() - 0.45) * 4 as return_pct, timestamp '2025-11-03 14:30:00' + interval (n % 119) day as entry_at
        from range(100000) as trades(n)
      )
      select 'many' as run_id, 's' || s as symbol, if(n % 3 = 0, 'short', 'long') as side, 10.0 as quantity, entry_at,
        entry_at + interval (1 + n % 30) hour as exit_at, 10.0 as entry_price, return_pct, return_pct as net_profit,
        (1 + n % 70)::integer as bars_held, least(return_pct, 0) - 0.5 as maximum_adverse_excursion,
        greatest(return_pct, 0) + 0.5 as maximum_favorable_excursion,
        if(n % 2 = 0, 'stop', 'signal') as exit_reason, 'close above dot' as entry_reason
      from numbered
      union all select 'one', 's0', 'long', 1, timestamp '2026-01-05 14:30:00', timestamp '2026-01-05 15:00:00', 10, 1, 10, 1, 0, 12, 'stop', 'entry'
      union all select 'shared', 's1', 'long', 1, timestamp '2025-11-05 14:30:00', timestamp '2025-11-06 15:00:00', 10, -1, -10, 9, -10, 0, 'stop', 'entry'
      union all select 'shared', 's2', 'long', 1, timestamp '2025-11-06 14:30:00', timestamp '2025-11-07 15:00:00', 10, 5, 50, 9, 0, 50, 'target', 'entry';
    create table symbols as
      select 'many' as run_id, 's' || s as symbol, 'completed' as outcome, 2500 as trades, s - 15.5 as return_pct, 1.0 + s % 7 as maximum_drawdown_pct
      from range(40) as symbols(s)
      union all select 'one', 's0', 'completed', 1, 1, 0
      union all select 'none', 's0', 'completed', 0, 0, 0
      union all select 'shared', unnest(['s1', 's2']), 'completed', 1, unnest([-1, 5]), null;
    create view instruments as
      select 's' || s as symbol, 'Name ' || s as name, 'Sector ' || s % 11 as sector from range(40) as symbols(s);`)
  await database.run(`
    create table monthly_returns as
      select unnest(['many', 'many', 'many', 'one']) as run_id, 'total' as account,
        unnest([date '2025-11-01', date '2025-12-01', date '2026-01-01', date '2026-01-01']) as month, unnest([1.0, -2.0, 3.0, 1.0]) as return_pct;
    create view symbol_clocks as
      select distinct symbol, if(run_id = 'shared' and symbol = 's2', 'Pacific/Auckland', 'America/New_York') as timezone
      from trades where run_id = 'shared' or symbol not in ('s1', 's2');
    create view benchmarks as
      select run_id, 'buy_and_hold' as benchmark, session_date, 1 + row_number() over (order by session_date) / 1000 as growth
      from equity where account = 's0';
    create table trade_groups as
      select unnest(['many', 'one', 'shared']) as run_id, grouping, value, 50 as trades, 40.0 as win_rate_pct, profit as net_profit, 3.0 as average_bars_held
      from (values ('hour', '09', 5.0), ('hour', '10', -4.0), ('weekday', 'Monday', 2.0), ('weekday', 'Friday', -1.0), ('weekday', 'Tuesday', 1.0),
        ('market_state', 'congestion_action', 3.0), ('exit_reason', 'stop', -9.0), ('entry_reason', 'close above dot', 8.0)) as groups(grouping, value, profit);
    create view batches as
      select 'many' as run_id, b::integer as batch, 4 as symbols, 5000 as bars, 20.0 as elapsed_ms, 250000.0 + b as bars_per_second,
        2e8::bigint as memory_bytes, b = 3 as is_degraded from range(5) as batches(b)`)
})
afterAll(() => database.close())

const draw = (name: string, run: string, options: RunChartOptions = {}) => runChartNamed(name).draw(database, run, options)

describe.each(runCharts.map(({ name }) => name))('the chart %s', (name) => {
  it.each(runs)('of the run %s is valid, compiles without a warning and draws numbers only, or nothing', async (run) => {
    for (const theme of ['light', 'dark'] as const) {
      const spec = await draw(name, run, { theme })
      if (spec === null) return
      const before = JSON.stringify(spec)
      expect(schemaErrors(spec)).toEqual([])
      expect(warnings(spec)).toEqual([])
      expect(JSON.stringify(spec)).toBe(before)
      expect(before.length).toBeLessThan(200_000)
      expect(await toSvg(spec)).not.toMatch(/NaN|undefined|Infinity/)
    }
  })

  it('has the structure that it had', async () => {
    const spec = await draw(name, 'many')
    expect(structure(spec!)).toMatchSnapshot()
  })
})

describe('the charts of a run', () => {
  it('that has no trades are those that need none', async () => {
    const drawn = await Promise.all(runCharts.map(async ({ name }) => ((await draw(name, 'none')) === null ? [] : [name])))
    expect(drawn.flat()).toEqual(['equity', 'underwater', 'rolling', 'symbol_returns'])
  })

  it('count every trade once, whatever is thinned', async () => {
    const counts = (spec: Spec | null, name: string, field: string) => {
      return dataset<Record<string, number>>(spec!, name).reduce((sum, row) => sum + row[field], 0)
    }
    expect(counts(await draw('trade_returns', 'many'), 'bins', 'count')).toBe(100_000)
    expect(counts(await draw('holding_times', 'many'), 'bins', 'count')).toBe(100_000)
    expect(counts(await draw('excursions', 'many'), 'spots', 'trades')).toBe(200_000)
    expect(counts(await draw('symbol_returns', 'many'), 'bins', 'count')).toBe(40)
  })

  it('show the sessions that are asked for', async () => {
    const options = { from: '2025-12-01', to: '2025-12-31' }
    for (const name of ['equity', 'underwater', 'rolling', 'exposure']) {
      const sessions = dataset<{ i: number; session: string }>((await draw(name, 'many', options))!, 'points').filter(({ i }) => i >= 0)
      expect([sessions[0].session, sessions.at(-1)!.session, sessions.length], name).toEqual(['2025-12-01', '2025-12-31', 31])
    }
    expect(dataset<{ month: string }>((await draw('monthly_returns', 'many', options))!, 'cells').map(({ month }) => month)).toEqual(['Dec', 'Year'])
    expect(await draw('trade_returns', 'many', { from: '2030-01-01' })).toBeNull()
  })

  it.each(['market_states', 'run_health'])('named %s refuse a range of sessions by their name', async (name) => {
    await expect(draw(name, 'many', { from: '2025-12-01' })).rejects.toThrow(new RegExp(`^--from: ${name} .*whole run; expected no range`))
    await expect(draw(name, 'many', { to: '2025-12-31' })).rejects.toThrow(new RegExp(`^--to: ${name} `))
  })

  it('of a range are other ones than those of the run, unless they refuse it', async () => {
    const range = { from: '2025-12-01', to: '2025-12-31' }
    for (const { name, draw: drawn } of runCharts) {
      const ranged = await drawn(database, 'many', range).catch(() => null)
      if (ranged !== null) expect(JSON.stringify(ranged), name).not.toBe(JSON.stringify(await drawn(database, 'many')))
    }
    const subtitle = async (name: string) => titles((await draw(name, 'many', range))!).subtitle.join(' ')
    for (const name of ['symbols', 'sectors', 'symbol_returns']) expect(await subtitle(name)).toContain('sessions from 2025-12-01 to 2025-12-31')
    for (const name of ['trade_returns', 'exit_reasons', 'holding_times']) expect(await subtitle(name)).toContain('closed from 2025-12-01 to 2025-12-31')
  })

  it('measure the symbols of a range from the close before it', async () => {
    await database.run(`
      create or replace temp view many_closes as select session_date, equity from equity where run_id = 'many' and account = 's7'`)
    const rows = await database.rows<{ equity: number }>(`
      select equity from many_closes where session_date between date '2025-11-30' and date '2025-12-31' order by many_closes.session_date`)
    const closes = rows.map(({ equity }) => equity)
    let [peak, deepest] = [0, 0]
    for (const close of closes) {
      peak = Math.max(peak, close)
      deepest = Math.max(deepest, (1 - close / peak) * 100)
    }
    const points = dataset<Record<string, number | string>>((await draw('symbols', 'many', { from: '2025-12-01', to: '2025-12-31' }))!, 'points')
    const own = points.find(({ symbol }) => symbol === 's7')!
    expect(own.return_pct).toBeCloseTo((closes.at(-1)! / closes[0] - 1) * 100, 3)
    expect(own.drawdown_pct).toBeCloseTo(deepest, 3)
    expect(await draw('symbols', 'many', { from: '2030-01-01' })).toBeNull()
  })

  it('sum the profits of symbols in a shared account over the trades closed in the range', async () => {
    const points = dataset<Record<string, unknown>>((await draw('symbols', 'shared', { to: '2025-11-06' }))!, 'points')
    expect(points.map(({ symbol, return_pct, trades }) => [symbol, return_pct, trades])).toEqual([['s1', -1, 1]])
  })

  it('group the trades of a range by their reasons', async () => {
    const groups = dataset<Record<string, unknown>>((await draw('exit_reasons', 'shared', { from: '2025-11-07' }))!, 'groups')
    expect(groups.map(({ value, trades, net_profit, win_rate_pct }) => [value, trades, net_profit, win_rate_pct])).toEqual([['target', 1, 50, 100]])
  })

  it('name the axes of groups side by side, also in a narrow picture', async () => {
    const svg = await toSvg((await draw('weekdays', 'many', { width: 580 }))!)
    const names = ['Net profit', 'Mean of a trade', '(account currency)', 'Win rate (%)']
    const texts = [...svg.matchAll(/<text text-anchor="middle" transform="translate\(([\d.]+),[\d.]+\)"[^>]*>(.*?)<\/text>/g)]
    const spans = texts.filter(([, , text]) => names.some((name) => text.includes(name))).map(([, x, text]) => {
      const lines = text.replaceAll(/<tspan[^>]*>/g, '').split('</tspan>')
      const half = Math.max(...lines.map((line) => textWidth(line, 12))) / 2
      return [Number(x) - half, Number(x) + half]
    }).sort((one, other) => one[0] - other[0])
    expect(spans).toHaveLength(3)
    for (const [at, [left]] of spans.entries()) if (at > 0) expect(left).toBeGreaterThan(spans[at - 1][1])
  })

  it('group the trades that were entered in a range by weekday and hour on the clock of the exchange', async () => {
    const groups = async (name: string, options: RunChartOptions) => {
      const rows = dataset<Record<string, unknown>>((await draw(name, 'shared', options))!, 'groups')
      return rows.map(({ label, net_profit }) => [label, net_profit])
    }
    // 14:30 UTC is 09:30 in New York, and half past three on the next day in Auckland
    expect(await groups('weekdays', { to: '2025-11-07' })).toEqual([['Wednesday  (1)', -10], ['Friday  (1)', 50]])
    expect(await groups('weekdays', { to: '2025-11-06' })).toEqual([['Wednesday  (1)', -10]])
    expect(await groups('hours', { from: '2025-11-05', to: '2025-11-05' })).toEqual([['09:00  (1)', -10]])
    expect(await groups('hours', { from: '2025-11-07' })).toEqual([['03:00  (1)', 50]])
    expect(titles((await draw('hours', 'shared', { to: '2025-11-05' }))!).subtitle.join(' ')).toContain('entered to 2025-11-05')
  })

  it('find a symbol whose summed profits fell from their highest', async () => {
    const points = dataset<Record<string, unknown>>((await draw('symbols', 'shared'))!, 'points')
    expect(points.map(({ symbol, return_pct, drawdown_pct }) => [symbol, return_pct, drawdown_pct])).toEqual([['s1', -1, 1], ['s2', 5, 0]])
  })

  it('know how many positions were open, and what they had cost', async () => {
    const points = dataset<Record<string, number>>((await draw('exposure', 'shared'))!, 'points')
    const known = points.slice(1, 6).map(({ most_positions, long_pct }) => [most_positions, Math.round(long_pct * 1e4) / 1e4])
    expect(known).toEqual([[0, 0], [1, 0.998], [2, 0.997], [1, 0], [0, 0]])
  })

  it('draw the year as what its months make together', async () => {
    const cells = dataset<{ year: string; month: string; return_pct: number }>((await draw('monthly_returns', 'many'))!, 'cells')
    expect(cells.find(({ year, month }) => year === '2025' && month === 'Year')!.return_pct).toBeCloseTo((1.01 * 0.98 - 1) * 100, 9)
  })

  it('put the days of the week in their order', async () => {
    const groups = dataset<{ value: string }>((await draw('weekdays', 'many'))!, 'groups')
    expect(groups.map(({ value }) => value)).toEqual(['Monday', 'Tuesday', 'Friday'])
  })

  it('have a title, a sentence and a name of their own', () => {
    expect(new Set(runCharts.map(({ name }) => name)).size).toBe(runCharts.length)
    for (const { title, description } of runCharts) expect([title, description]).toEqual([expect.stringMatching(/^[A-Z]/), expect.stringMatching(/^[A-Z].*\.$/)])
    expect(() => runChartNamed('underwatr')).toThrow('did you mean underwater?')
  })

  it('named rolling have the deviation and the mean of the sessions before each', async () => {
    const { rows } = await curve()
    const returns = rows.map((value, at) => value / (at === 0 ? 40_000 : rows[at - 1]) - 1).slice(-21)
    const mean = returns.reduce((sum, value) => sum + value, 0) / 21
    const deviation = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 20)
    const last = dataset<Record<string, number>>((await draw('rolling', 'many'))!, 'points').at(-1)!
    expect(last.volatility_pct).toBeCloseTo(deviation * Math.sqrt(252) * 100, 8)
    expect(last.sharpe_ratio).toBeCloseTo((mean / deviation) * Math.sqrt(252), 8)
  })

  it('say what they are in their titles', async () => {
    expect(titles((await draw('underwater', 'many'))!).text).toBe('pldot_cross: drawdowns')
    expect(titles((await draw('run_health', 'many'))!).subtitle[1]).toContain('1 degraded')
  })
})

async function curve(): Promise<{ rows: number[] }> {
  const rows = await database.rows<{ equity: number }>(`
    select sum(equity) as equity from equity where run_id = 'many' group by session_date order by session_date`)
  return { rows: rows.map(({ equity }) => equity) }
}

/** Marks, channels and fields of all layers, and how many rows there are of which columns: no value. */
function structure(spec: Spec): unknown {
  const { title, datasets, layer } = spec as unknown as {
    title: { text: string }
    datasets: Record<string, object[]>
    layer: object[]
  }
  const rows = Object.entries(datasets).map(([name, list]) => `${name}: ${Object.keys(list[0] ?? {}).join(', ')}`)
  return { title: title.text, rows, layers: layer.flatMap(marksOf) }
}

function marksOf(layer: object): string[] {
  const { layer: inner, mark, encoding = {} } = layer as { layer?: object[]; mark?: string | { type: string }; encoding?: Record<string, unknown> }
  if (inner !== undefined) return inner.flatMap(marksOf)
  const channels = Object.entries(encoding).map(([name, channel]) => {
    const { field } = channel as { field?: string }
    return field === undefined ? name : `${name}=${field}`
  })
  return [`${typeof mark === 'string' ? mark : mark!.type} ${channels.join(' ')}`]
}

const require = createRequire(import.meta.url)
const schema = JSON.parse(readFileSync(require.resolve('vega-lite/vega-lite-schema.json'), 'utf8')) as object
const isValid = new Ajv({ unknownFormats: ['color-hex'] }).compile(schema)

function schemaErrors(spec: Spec): string[] {
  void isValid(JSON.parse(JSON.stringify(spec)))
  return (isValid.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message ?? ''}`)
}

function warnings(spec: Spec): unknown[] {
  const seen: unknown[] = []
  const note = (...args: unknown[]) => {
    seen.push(...args)
    return logger
  }
  const silent = () => logger
  const logger = { level: () => logger, error: note, warn: note, info: silent, debug: silent }
  compile(spec, { logger })
  return seen
}
