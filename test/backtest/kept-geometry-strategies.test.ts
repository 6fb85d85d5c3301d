import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { noCache } from '../../src/backtest/geometry-use.js'
import { cacheRoom, type CacheRoom } from './kept-geometry-room.js'
import { testStore } from './store.js'

let room: CacheRoom
beforeAll(async () => {
  room = cacheRoom(await testStore(3, '2026-01-02', '2026-01-23'))
})
afterAll(() => room.store.remove())

describe('a strategy of one’s own', () => {
  beforeEach(() => room.clear())

  it.each<[what: string, sql: string, cached: string[]]>([
    ['with columns(…)', `select symbol, bar_at, columns('^pldot$') as stop_price, 1 as entry from dots`, []],
    ['with all columns of a relation', 'with all_of_it as (select * from geometry) select symbol, bar_at, 1 as entry, pldot as stop_price from all_of_it', ['geometry']],
    ['with two relations', 'select symbol, bar_at, sides.side as entry, envelopes.envelope_top as target_price from sides join envelopes using (symbol, bar_at)', ['envelopes', 'sides']],
    ['with a relation and its bars', 'select symbol, bar_at, side as entry, bars.volume / 1e9 as score from sides join bars using (symbol, bar_at)', ['sides']],
    ['with names in capitals', 'SELECT SYMBOL, BAR_AT, SIDE AS ENTRY, PLDOT AS STOP_PRICE FROM SIDES WHERE TIMEFRAME = $timeframe', ['sides']],
    ['with names in quotes', 'select "symbol", "BAR_AT", "Side" as "Entry", sides."PLDOT" as "stop_price" from sides', ['sides']],
    ['with the name of the schema', 'select symbol, bar_at, side as entry from main.sides', []],
    ['with a column of the higher timeframe', 'select symbol, bar_at, 1 as entry, higher_pldot as stop_price, second_higher_close as target_price from context', ['context']],
    ['with every kind of column', 'select symbol, bar_at, if(is_entrance, 1, 0) as entry, closed_at > bar_at as exit_long, market_state as reason, area_next as stop_price from geometry', ['geometry']],
    ['with a second timeframe', `select dots.symbol, dots.bar_at, 1 as entry from dots join dots as daily on daily.symbol = dots.symbol and daily.timeframe = '1d' and daily.session_date = dots.session_date - 1 where dots.timeframe = $timeframe and dots.pldot > daily.pldot`, []],
    ['that names its own timeframe', `select symbol, bar_at, 1 as entry from dots where timeframe = '30m' and pldot > close`, ['dots']],
    ['that lists its tables by comma', 'select sides.symbol, sides.bar_at, side as entry from sides, dots where sides.symbol = dots.symbol and sides.bar_at = dots.bar_at and dots.pldot > 0', ['sides']],
    ['that compares a column with the bar before', 'select symbol, bar_at, if(pldot > lag(pldot) over (partition by symbol order by bar_at), 1, 0) as entry from dots', ['dots']],
    ['that names columns by their place', 'select s as symbol, b as bar_at, if(x > b, 1, 0) as entry from dots as g(s, t, b, x)', []],
    ['that takes a row as one value', 'select symbol, bar_at, length(dots::varchar) % 2 as entry from dots', []],
    ['that joins by all columns', 'select symbol, bar_at, side as entry from sides natural join bars', []],
    ['that reads bars only', 'select symbol, bar_at, 1 as entry from bars', []],
  ])('%s comes to the same', async (_, sql, cached) => {
    const spec = { strategy: room.store.file('own.sql', `-- Mine.\n${sql}`) }
    const results = await room.computed(spec)
    expect(await room.run(spec)).toEqual({ results, cached: [], warnings: [] })
    expect(await room.run(spec)).toEqual({ results, cached, warnings: [] })
    expect(room.entries().map((entry) => entry.split('-')[0])).toEqual(cached)
  })

  it.each<[what: string, sql: string]>([
    ['with a column that there is not', 'select symbol, bar_at, pldt as stop_price, 1 as entry from dots'],
    ['with a misspelt relation', 'select symbol, bar_at, 1 as entry from dotz'],
    ['that returns all columns', 'select *, 1 as entry from dots where pldot > 0'],
    ['with a wrong type', 'select symbol, bar_at, market_state as entry from geometry'],
    ['with an unknown entry', 'select symbol, bar_at, 2 as entry from dots where pldot > 0'],
  ])('%s fails in the same way', async (_, sql) => {
    const spec = { strategy: room.store.file('own.sql', `-- Mine.\n${sql}`) }
    const message = await room.attempt(spec, { cache: noCache })
    expect(message).toMatch(/own\.sql: /)
    for (let i = 0; i < 2; i++) expect(await room.attempt(spec)).toBe(message)
    expect(room.entries()).toEqual([])
  })

  it('with a misspelt column is told of the nearest one, also of those that nobody has asked for', async () => {
    await room.run({ strategy: 'pldot_cross' })
    const strategy = room.store.file('own.sql', '-- Mine.\nselect symbol, bar_at, side as entry, previous_sid as stop_price from sides')
    expect(await room.attempt({ strategy })).toContain('did you mean previous_side?')
    expect((await room.run({ strategy: 'pldot_cross' })).cached).toEqual(['sides'])
  })
})

describe('any strategy', () => {
  const names = ['pldot', 'envelope_top_next', 'run', 'low', 'line_6_7_up', 'refresh', 'push_bars', 'c_wave', 'area_next', 'mean_range']
  const numbers = fc.subarray(names, { minLength: 1, maxLength: 4 })
  const days = fc.constantFrom('2026-01-08', '2026-01-13', '2026-01-19', '2026-01-22')
  const range = fc.record({ from: days, to: days }, { requiredKeys: [] }).filter(({ from = '', to = '9' }) => from < to)
  const symbols = fc.constantFrom([0], [2], [0, 1], [1, 2], [0, 1, 2]).map((some) => ({ symbols: some }))
  const strategies = fc.tuple(numbers, fc.double({ min: -2, max: 2, noNaN: true })).map(([columns, least]) => `-- Any.
    select symbol, bar_at, if(${columns[0]} > ${least}, 1, -1) as entry, ${columns.at(-1)!} / 1000 as score, ${columns.join(' + ')} as stop_price
    from geometry where ${columns[0]} is not null or ${columns.at(-1)!} > ${least}`)
  const specs = fc.tuple(strategies, range, symbols).map(([sql, dates, some]) => {
    return { strategy: room.store.file('any.sql', sql), ...dates, symbols: some.symbols.map((symbol) => room.store.symbols[symbol]) }
  })

  it('gives the same signals by what it has written itself', async () => {
    await fc.assert(fc.asyncProperty(specs, async (spec) => {
      room.clear()
      const results = await room.computed(spec)
      expect(await room.run(spec)).toEqual({ results, cached: [], warnings: [] })
      expect(await room.run(spec)).toEqual({ results, cached: ['geometry'], warnings: [] })
    }), { numRuns: 3 })
  })

  it('gives the same signals by what another one has written', async () => {
    const all = `-- All.\nselect symbol, bar_at, 1 as entry from geometry where ${names.map((name) => `${name} is null`).join(' or ')}`
    await room.run({ strategy: room.store.file('all.sql', all) })
    await fc.assert(fc.asyncProperty(specs, async (spec) => {
      expect(await room.run(spec)).toEqual({ results: await room.computed(spec), cached: ['geometry'], warnings: [] })
    }), { numRuns: 5 })
  })
})
