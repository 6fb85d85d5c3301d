import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testStore, type TestStore } from './store.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(3, '2026-01-02', '2026-01-23')
})
afterAll(() => store.remove())

const dip = `-- Believes that a fall below the envelope is undone.
-- @param depth double = 0.0 [0, 5] widths of the envelope below its bottom
with geometry as (
  select * from geometry where timeframe = $timeframe
)

select
  symbol,
  bar_at,
  1 as entry,
  close * 0.97 as stop_price,
  pldot_next as target_price,
  'limit' as order_type,
  close * 0.999 as limit_price,
  3 as valid_bars,
  'dip' as reason
from geometry
where envelope_position < -$depth;
`

async function failure(text: string, ...more: string[]): Promise<string> {
  const { code, err } = await store.dgas('backtest', '--strategy', store.file('own.sql', text), ...more)
  expect(code).toBe(1)
  expect(err).not.toMatch(/internal error/)
  return err
}

describe('a strategy of one’s own', () => {
  it('is a file with parameters', async () => {
    const run = (depth: string) => store.backtest('--strategy', store.file('dip.sql', dip), '--param', `depth=${depth}`)
    const [shallow, deep] = [await run('0'), await run('0.5')]
    const [{ trades, reasons }] = await store.rows(`
      select count(*) as trades, string_agg(distinct entry_reason) as reasons from trades where run_id = '${shallow}'`)
    expect([trades as number > 0, reasons]).toEqual([true, 'dip'])
    const [counts] = await store.rows(`
      select count(*) filter (where run_id = '${shallow}') as shallow, count(*) filter (where run_id = '${deep}') as deep from signals`)
    expect(counts.shallow as number).toBeGreaterThan(counts.deep as number)
  })

  it.each([
    ['random() < 0.5', 'random'],
    ['bar_at < current_date', 'current_date'],
    ['bar_at < CURRENT_TIMESTAMP', 'current_timestamp'],
    ['bar_at < now()', 'now'],
    ['age(bar_at) > interval 1 day', 'age with one argument'],
    ['symbol in (select uuid()::varchar)', 'uuid'],
  ])('cannot decide by what is something else each time: %s', async (condition, name) => {
    const text = `-- Decides by the day.\nselect symbol, bar_at, 1 as entry from bars\nwhere timeframe = $timeframe and ${condition}`
    const what = `${name} is something else each time; expected what the bars and the parameters say, such as bar_at, $from and $to`
    expect(await failure(text)).toMatch(new RegExp(`own\\.sql: ${what.replaceAll(/[$.]/g, '\\$&')}\nline 3: where timeframe = \\$timeframe and .*\n +\\^\n$`))
  })

  it.each(['from bars using sample 10%', 'from bars tablesample 10%'])('cannot decide by a sample: %s', async (from) => {
    expect(await failure(`-- Draws lots.\nselect symbol, bar_at, 1 as entry ${from}`)).toContain('own.sql: a sample is something else each time')
  })

  it('may measure the time between two instants', async () => {
    const text = `-- Waits.\nselect symbol, bar_at, 1 as entry from bars where timeframe = $timeframe and age(bar_at, timestamp '2026-01-05') > interval 3 days`
    expect((await store.dgas('backtest', '--strategy', store.file('own.sql', text))).code).toBe(0)
  })

  it('may give reasons that there are already, and of any text', async () => {
    const reasons = ['stop', 'end_of_data', "it's up", '', 'zażółć, 高']
    const list = reasons.map((reason) => `'${reason.replace("'", "''")}'`).join(', ')
    const id = await store.backtest('--strategy', store.file('reasons.sql', `-- Changes its mind at every bar.
      select
        symbol, bar_at, (epoch(bar_at) // 1800 % 2)::integer as entry, epoch(bar_at) // 1800 % 2 = 0 as exit_long,
        [${list}][1 + (epoch(bar_at) // 1800 % ${reasons.length})::integer] as reason
      from bars where timeframe = $timeframe`))
    const texts = async (sql: string) => (await store.rows(`select distinct ${sql} where run_id = '${id}' order by 1`)).map(({ text }) => text)
    const sorted = [...reasons].sort()
    expect(await texts('entry_reason as text from trades')).toEqual(sorted)
    expect(await texts('exit_reason as text from trades')).toEqual(sorted)
    expect(await texts('reason as text from signals')).toEqual(sorted)
    expect(await texts('typeof(entry_reason) || typeof(symbol) || typeof(run_id) as text from trades')).toEqual(['VARCHARVARCHARVARCHAR'])
  })

  it('may call relations by their schema too', async () => {
    const sql = (name: string) => `select symbol, bar_at, 1 as entry from ${name} where timeframe = $timeframe and close > pldot -- up`
    const [plain, qualified] = [store.file('plain.sql', sql('geometry')), store.file('qualified.sql', sql('main.geometry'))]
    const trades = async (file: string) => {
      const run = await store.backtest('--strategy', file)
      return store.rows(`select symbol, entry_at, net_profit from trades where run_id = '${run}' order by all`)
    }
    expect(await trades(qualified)).toEqual(await trades(plain))
  })

  it('reads a higher timeframe by name', async () => {
    const text = `select symbol, closed_at as at, bar_at, 1 as entry from bars where timeframe = '1d'`
    expect(await failure(text)).toContain('unknown column "at"')
    const honest = `select bars.symbol, bars.bar_at, 1 as entry from bars
      join bars as daily on daily.symbol = bars.symbol and daily.timeframe = '1d' and daily.closed_at = bars.bar_at - interval '17 hours 30 minutes'
      where bars.timeframe = $timeframe and bars.close > daily.high`
    expect(await store.backtest('--strategy', store.file('daily.sql', honest))).toBeTruthy()
  })
})

describe('a mistake in it', () => {
  it('is shown with its file, line and a caret', async () => {
    const text = dip.replace('pldot_next as', 'pldot_nxt as')
    const err = await failure(text)
    expect(err).toContain('own.sql: Referenced column "pldot_nxt" not found')
    expect(err).toContain('did you mean pldot_next?')
    const [line, caret] = err.split('\n').slice(-3)
    expect(line).toMatch(/^line 12: +pldot_nxt as target_price,$/)
    expect(caret.trimEnd()).toBe(`${' '.repeat(line.indexOf('pldot_nxt'))}^`)
  })

  it.each([
    ['envelope_position < -$depth', 'envelope_positon < -$depth', 'envelope_positon', 'did you mean envelope_position?'],
    ['envelope_position < -$depth', '-$depth > envelope_positon', 'envelope_positon', 'did you mean envelope_position?'],
    ['envelope_position < -$depth', 'envelope_position < -$depth and', null, 'syntax error at end of input'],
    ['-$depth', '-$depht', '$depht', 'no value for the parameter $depht; expected one of $timeframe, $higher, $from, $to, $depth (did you mean depth?)'],
  ])('shows the line as it stands in the file: %s, %s', async (right, wrong, at, message) => {
    const text = dip.replace(right, wrong)
    const err = await failure(text)
    expect(err).toContain(`own.sql: `)
    expect(err).toContain(message)
    const number = text.split('\n').findIndex((line) => line.includes(wrong)) + 1
    const line = text.split('\n')[number - 1]
    const shown = `line ${number}: ${line}`
    expect(err).toContain(`\n${shown}\n${' '.repeat(at === null ? shown.length - 1 : shown.indexOf(at))}^\n`)
  })

  it.each(['trades', 'main.corporate_actions', 'equity', 'Runs', 'batches', 'symbols'])('is to read %s', async (relation) => {
    const name = relation.replace('main.', '')
    const err = await failure(`select symbol, bar_at, 1 as entry\nfrom ${relation}`)
    expect(err).toContain(`own.sql: a strategy cannot read ${name}; expected bars, geometry or one of its models, context or instruments\nline 2: from `)
  })

  it('is not told of a relation that it cannot read', async () => {
    expect(await failure('select symbol, bar_at, 1 as entry from equty')).toMatch(/Table with name equty does not exist\nline 1/)
  })

  it('names the nearest column of a relation that it calls by another name', async () => {
    const err = await failure('select g.symbol, g.bar_at, 1 as entry from geometry g\nwhere g.pldt > g.close and g.timeframe = $timeframe')
    expect(err).toContain('own.sql: g has no column "pldt" (did you mean pldot?)\nline 2: where g.pldt > g.close')
  })

  it.each<[what: string, sql: string, message: string]>([
    ['an unknown column', 'select symbol, bar_at, 1 as entry, 2 as stop_prise from bars', 'unknown column "stop_prise"'],
    ['no entry and no exit', 'select symbol, bar_at, close as score from bars', 'does not return entry'],
    ['no bar_at', 'select symbol, 1 as entry from bars', 'does not return bar_at'],
    ['an unknown entry', 'select symbol, bar_at, 2 as entry from bars', 'an unknown value of entry for'],
    ['half an entry', 'select symbol, bar_at, 0.5 as entry from bars', 'an unknown value of entry for'],
    ['an entry far off', 'select symbol, bar_at, 300 as entry from bars', 'an unknown value of entry for'],
    ['an entry in words', `select symbol, bar_at, 'long' as entry from bars`, `the strategy's column entry is VARCHAR; expected a number`],
    ['a price in words', `select symbol, bar_at, 1 as entry, '9' as stop_price from bars`, 'stop_price is VARCHAR; expected a number'],
    ['an exit in words', `select symbol, bar_at, 'yes' as exit_long from bars`, 'exit_long is VARCHAR; expected true or false'],
    ['a day for a time', 'select symbol, session_date as bar_at, 1 as entry from bars', 'bar_at is DATE; expected the bar_at of the bar'],
    ['nothing at all', '-- Nothing yet.\n', 'there are no statements; expected one query: select or with'],
    ['an unknown order', `select symbol, bar_at, 1 as entry, 'at once' as order_type from bars`, 'unknown value of order_type'],
    ['a size beyond 1', 'select symbol, bar_at, 1 as entry, 1.5 as size_factor from bars', 'unknown value of size_factor'],
    ['two rows for a bar', 'select symbol, bar_at, 1 as entry from bars union all select symbol, bar_at, 0 from bars', 'more than one row for'],
    ['a time without a bar', `select symbol, bar_at + interval 1 minute as bar_at, 1 as entry from bars`, 'where there is no bar'],
    ['an unknown relation', 'select symbol, bar_at, 1 as entry from bras', 'did you mean bars?'],
    ['a parameter without a value', 'select symbol, bar_at, $depht as entry from bars', 'no value for the parameter $depht'],
    ['a header that cannot be read', '-- @param depth\nselect symbol, bar_at, 1 as entry from bars', 'cannot read the parameter'],
  ])('such as %s', async (_, sql, message) => {
    expect(await failure(sql)).toContain(message)
  })
})

describe('a strategy from somebody else', () => {
  it('cannot write a file', async () => {
    const target = join(store.folder, 'written.csv')
    const copy = `copy (select 1) to '${target}'`
    expect(await failure(`${dip.trimEnd()}\n${copy}`)).toContain('there are 2 statements')
    expect(await failure(copy)).toContain('this statement would change something')
    const logging = store.file('logging.sql', `select * from enable_logging(storage = 'file', storage_path = '${target}')`)
    const { code, err } = await store.dgas('backtest', '--strategy', logging)
    expect([code, err]).toEqual([2, expect.stringContaining('enable_logging is not for queries')])
    expect(existsSync(target)).toBe(false)
  })

  it('cannot read outside the store', async () => {
    const outside = join(import.meta.dirname, 'store.ts')
    const text = `select symbol, bar_at, 1 as entry, (select content from read_text('${outside}')) as reason from bars where timeframe = $timeframe`
    expect(await failure(text)).toContain(`"${outside}" cannot be reached`)
    expect(await failure(text, '--portfolio')).toContain(`"${outside}" cannot be reached`)
  })
})

describe('a condition on instruments', () => {
  it('cannot read outside the store', async () => {
    const outside = join(import.meta.dirname, '..', 'outside.csv')
    const { code, err } = await store.dgas('backtest', '--where', `symbol in (select column0 from read_csv('${outside}', header = false))`)
    expect([code, err]).toEqual([1, expect.stringContaining(`"${outside}" cannot be reached`)])
  })
})
