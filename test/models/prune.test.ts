import { describe, expect, it } from 'vitest'
import { pruneModels } from '../../src/models/prune.js'
import { composeModel } from '../../src/models/compose.js'
import { modelsNeeded, namesRead, readModels, type Model } from '../../src/models/model.js'
import { openDatabase } from '../../src/database/database.js'
import { createQueryRelations } from '../../src/query/relations.js'
import { openStore } from '../../src/store/store.js'
import { testStore } from '../backtest/store.js'

const model = (name: string, text: string): Model => ({ name, grain: '', text })

const first = model('first', `
with bars as (
  select * from bars
),

final as (
  select
    *,
    lag(high, 1) over by_bar as high_1, -- not "low, 1"
    lag(low, 1) over by_bar as low_1,
    case when high is distinct from low then coalesce(low, 0) end as spread
  from bars
  window by_bar as (partition by symbol order by bar_at)
)

select * from final`)

const second = model('second', `
with first as (
  select *, 2 * high_1 as doubled, low_1 > 0 as is_positive from first
),

final as (
  select * exclude (is_positive, spread), if(is_positive, doubled, null) as answer, spread * 2 as wide from first
)

select * from final`)

describe('pruning', () => {
  const textOf = (sql: string, index: number) => pruneModels([first, second], sql)[index].text

  it('keeps what is read, directly or not', () => {
    expect(textOf('select answer from second', 0)).toMatch(/high_1[\s\S]*low_1/)
    expect(textOf('select answer from second', 1)).toContain('as answer')
  })

  it('drops what nobody reads, and the comma with it', () => {
    expect(textOf('select answer from second', 0)).not.toContain('spread')
    expect(textOf('select wide from second', 0)).not.toMatch(/high_1|low_1/)
    expect(textOf('select wide from second', 1)).not.toMatch(/answer|doubled|is_positive/)
    expect(textOf('select symbol from second', 0)).toMatch(/\*\s*from bars/)
  })

  it('does not name in exclude what is gone', () => {
    expect(textOf('select answer from second', 1)).toContain('exclude (is_positive)')
    expect(textOf('select doubled from second', 1)).toMatch(/select \*\s*from first/)
  })

  it('counts the columns of higher frames as read', () => {
    expect(textOf('select second_higher_wide from context', 1)).toContain('as wide')
  })

  it('does not count what stands in comments and quotes', () => {
    expect(textOf(`select answer -- wide\nfrom second where symbol = 'spread'`, 1)).not.toContain('as wide')
  })
})

describe('composing', () => {
  it('puts every import of a model in its place', () => {
    const models = new Map([first, second].map((entry) => [entry.name, entry]))
    expect(namesRead(composeModel('second', models))).not.toContain('none')
    expect(composeModel('second', models)).toMatch(/first as \(\n {2}select \*, 2 \* high_1[^()]*from \(\n[\s\S]*from bars/)
  })

  it.each([...readModels().keys()])('finds the imports of %s', (name) => {
    const models = readModels()
    const imports = namesRead(models.get(name)!.text).filter((read) => models.has(read) && read !== name)
    const composed = composeModel(name, models)
    for (const imported of imports) expect(composed).toMatch(new RegExp(`\\b${imported} as \\(\\s*select [^;]*? from \\(\\n`))
    expect(modelsNeeded([name], models).at(-1)!.name).toBe(name)
  })
})

describe('the timeframes of zones', () => {
  const confluence = (sql: string) => pruneModels(modelsNeeded(['context'], readModels()), sql).find(({ name }) => name === 'confluence')!.text

  it.each(['support', 'resistance'])('are named only where they are read (%s)', (role) => {
    expect(confluence(`select ${role}_zone_timeframes from context`)).toContain('concat_ws')
    expect(confluence(`select ${role}_zone_low, ${role}_zone_high, ${role}_zone_level, ${role}_zone_weight, zone_low from context`)).not.toContain('concat_ws')
  })
})

describe('a few columns', () => {
  it.each(['geometry', 'context'])('of %s are the same as among all columns', async (relation) => {
    const made = await testStore(1, '2026-01-02', '2026-01-30')
    const database = await openDatabase()
    const store = await openStore(database, { folder: made.folder })
    const read = async (list: string) => {
      const sql = `select ${list} from ${relation} where timeframe = '30m' order by bar_at`
      await createQueryRelations(database, store, sql)
      return database.rows(sql)
    }
    const all = await read('*')
    const names = Object.keys(all[0])
    const groups = Array.from({ length: 12 }, (_, group) => names.filter((_name, index) => index % 12 === group))
    for (const group of groups) {
      const expected = all.map((row) => Object.fromEntries(group.map((name) => [name, row[name]])))
      expect(await read(group.join(', ')), group.join(', ')).toEqual(expected)
    }
    database.close()
    made.remove()
  })
})
