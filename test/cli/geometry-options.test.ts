import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditReport } from '../../src/audit/audit.js'
import { auditText } from '../../src/audit/report-text.js'
import { modelSubject } from '../../src/audit/subject.js'
import { analysisText } from '../../src/analysis/analysis-text.js'
import type { Analysis } from '../../src/analysis/facts.js'
import { backtestConfig } from '../../src/backtest/config.js'
import { runShell } from '../../src/commands/shell.js'
import { openDatabase } from '../../src/database/database.js'
import { charts, openStore, query, queryChunks, type OpenStore } from '../../src/index.js'
import { createMacros } from '../../src/models/macros.js'
import { modelParameters, type GeometrySpec } from '../../src/models/parameters.js'
import { testStore, type TestStore } from '../backtest/store.js'
import { pageValues } from '../docs/geometry-page.js'
import { readGolden } from '../models/golden.js'
import { envelopeRows, type Envelope } from './envelope.js'

let store: TestStore
let handle: OpenStore
/** The session of bar 16 of the worked example `W`, and the one after it. */
const [session, next] = ['2025-09-24', '2025-09-25']

beforeAll(async () => {
  store = await testStore(0)
  const days = Array.from({ length: 80 }, (_, day) => new Date(Date.UTC(2025, 8, 2 + day))).filter((day) => day.getUTCDay() % 6 !== 0)
  const bars = readGolden('bars.csv').filter(({ set }) => set === 'W')
  const lines = bars.map(({ high, low, close }, index) => {
    return `W,${days[index].toISOString().slice(0, 10)},${close},${high},${low},${close},100`
  })
  const file = store.file('w.csv', ['symbol,date,open,high,low,close,volume', ...lines, ''].join('\n'))
  const { code, err } = await store.dgas('import', file, '--timeframe', '1d')
  if (code !== 0) throw new Error(err)
  handle = await openStore(store.folder)
})
afterAll(() => {
  handle.close()
  store.remove()
})

/** The envelope after `W 16` by each method, as docs/geometry.md has it. */
const documented = ['mean', 'pldot_stdev', 'range', 'atr', 'percent'].map((method): [string, Envelope] => {
  const shown = (column: string) => Number(pageValues.find((value) => value.method === method && value.column === column)!.shown)
  return [method, { top: shown('envelope_top_next'), bottom: shown('envelope_bottom_next') }]
})

const columns = 'round(envelope_top_next, 4) as top, round(envelope_bottom_next, 4) as bottom'
const sql = `select ${columns} from geometry where timeframe = '1d' and session_date = date '${session}'`

/** What a command prints as JSON. */
async function json<T>(...argv: string[]): Promise<T> {
  const { code, out, err } = await store.dgas(...argv)
  if (code !== 0) throw new Error(err)
  return JSON.parse(out) as T
}

function rounded(price: number): number {
  return Number(price.toFixed(4))
}

describe.each(documented)('the envelope by the method %s', (method, envelope) => {
  const option = method === 'mean' ? [] : ['--envelope-method', method]
  const spec = (method === 'mean' ? {} : { envelopeMethod: method }) as GeometrySpec

  it('is read by a query', async () => {
    expect(await json('query', sql, '--json', ...option)).toEqual([envelope])
  })

  it('is read in the shell', async () => {
    const [input, output] = [new PassThrough(), Object.assign(new PassThrough(), { columns: 80 })]
    let text = ''
    output.on('data', (part: Buffer) => void (text += String(part)))
    const ended = runShell({ input, output, env: { DGAS_HISTORY: '' }, timeout: null, query: { folder: store.folder, geometry: spec } })
    input.end(`${sql};\n`)
    await ended
    expect(text).toMatch(new RegExp(`${envelope.top} +${envelope.bottom}\\r?\\n`))
  })

  it('is among the levels of an analysis, which says so', async () => {
    const [analysis] = await json<Analysis[]>('analyze', 'W', '--timeframe', '1d', '--at', session, ...option, '--json')
    const { levels, geometry_parameters } = analysis
    const price = (column: string) => rounded(levels.find((level) => level.frame === 'focus' && level.column === column)!.price)
    expect({ top: price('envelope_top_next'), bottom: price('envelope_bottom_next') }).toEqual(envelope)
    expect(geometry_parameters).toEqual({ ...modelParameters, envelope_method: method })
    const [, second] = analysisText(analysis, 12).split('\n')
    expect(second).toBe(method === 'mean' ? '' : `envelope by the method ${method}`)
  })

  it('is what a scan looks at, which says so', async () => {
    const where = `round(envelope_top_next, 4) = ${envelope.top} and round(envelope_bottom_next, 4) = ${envelope.bottom}`
    const { out, err } = await store.dgas('scan', '--timeframe', '1d', '--at', session, '--where', where, ...option)
    expect(out).toMatch(/^W /m)
    expect(err.split('\n')[0].endsWith(method === 'mean' ? ' UTC' : ` UTC, envelope by the method ${method}`)).toBe(true)
  })

  it('is drawn on the next bar, and said in the subtitle', async () => {
    const argv = ['chart', 'W', '--timeframe', '1d', '--to', next, '--json']
    for (const drawn of [
      await json<Record<string, unknown>>(...argv, ...option),
      await charts.price(handle, { symbol: 'W', timeframe: '1d', to: next, ...spec }) as unknown as Record<string, unknown>,
    ]) {
      expect(envelopeRows(drawn).at(-1)).toEqual(envelope)
      const { subtitle } = drawn.title as { subtitle: string[] }
      expect(subtitle.slice(1)).toEqual(method === 'mean' ? [] : [`envelope by the method ${method}`])
    }
  })

  it('is drawn by a query', async () => {
    const spec = await json('chart', '--sql', sql, '--mark', 'point', '--x', 'top', '--y', 'bottom', '--json', ...option)
    expect(JSON.stringify(spec)).toContain(`:${envelope.top}`)
    expect(JSON.stringify(spec)).toContain(`:${envelope.bottom}`)
  })

  it('is audited', async () => {
    const config = backtestConfig({ timeframe: '1d', higher: [], strategy: 'pldot_cross', ...spec }, [])
    const database = await openDatabase({ threads: 1 })
    await createMacros(database)
    await database.run(`create view "shown 1d" as from read_parquet('${store.folder}/bars/timeframe=1d/*/*.parquet')`)
    const subject = modelSubject('geometry', config, new Map([[config.timeframe, []]]))
    await subject.prepare(database)
    expect(await database.rows(sql)).toEqual([envelope])
    database.close()
  })

  it('is read by the library', async () => {
    const found = await query<{ top: Float64Array; bottom: Float64Array }>(handle, sql, {}, spec)
    expect([found.columns.top[0], found.columns.bottom[0]]).toEqual([envelope.top, envelope.bottom])
    for await (const chunk of queryChunks<typeof found.columns>(handle, sql, {}, spec)) expect(chunk.columns).toEqual(found.columns)
  })
})

describe('the other choices of the geometry', () => {
  it.each([
    ['14 bars and 1.5 ranges', [], documented[3][1]],
    ['twice the ranges', ['--atr-multiple', '3'], wider(documented[3][1], 2)],
    ['one bar', ['--atr-bars', '1'], { top: 95.7111 + 1.5 * 5.9, bottom: 95.7111 - 1.5 * 5.9 }],
  ])('make an envelope of true ranges by %s', async (_name, option, expected) => {
    const [{ top, bottom }] = await json<Envelope[]>('query', sql, '--json', '--envelope-method', 'atr', ...option)
    expect(top).toBeCloseTo(expected.top, 3)
    expect(bottom).toBeCloseTo(expected.bottom, 3)
  })

  it('make an envelope by a share of the dot', async () => {
    const [{ top, bottom }] = await json<Envelope[]>('query', sql, '--json', '--envelope-method', 'percent', '--envelope-percent', '2')
    expect([top, bottom]).toEqual([rounded(95.711111 * 1.02), rounded(95.711111 * 0.98)])
  })

  it('compare closes with the dot that includes them', async () => {
    const sides = async (...option: string[]) => json<{ side: number; expected: number }[]>('query', `
      select side, sign(round(close - ${option.length === 0 ? 'pldot' : 'pldot_next'}, 9)) as expected from geometry where side is not null`, '--json', ...option)
    const [usual, zero] = [await sides(), await sides('--displacement', '0')]
    expect([usual.length, zero.length]).toEqual([49, 50])
    for (const { side, expected } of [...usual, ...zero]) expect(side).toBe(expected)
  })

  it('are said below the rows of a query', async () => {
    const [usual, chosen] = [await store.dgas('query', sql), await store.dgas('query', sql, '--envelope-method', 'atr', '--atr-bars', '3')]
    expect(usual.err).toMatch(/^1 row in [\d.]+ s$/m)
    expect(chosen.err).toMatch(/^1 row in [\d.]+ s, envelope by the method atr, atr bars 3$/m)
  })

  it('say when lines are touched or approached, and how far an excursion goes', async () => {
    const counts = async (...option: string[]) => {
      const [row] = await json<Record<string, number>[]>('query', `
        select sum(termination_count) as touched, count_if(termination_approach <> 0) as approached, sum(envelope_exhaust_bars) as exhausted
        from geometry`, '--json', ...option)
      return row
    }
    const usual = await counts()
    expect((await counts('--touch-tolerance', '0.05')).touched).toBeGreaterThan(usual.touched)
    expect((await counts('--approach-tolerance', '0.05')).approached).toBeGreaterThan(usual.approached)
    expect((await counts('--exhaust-widths', '0')).exhausted).not.toBe(usual.exhausted)
  })

  it('are said by an audit', async () => {
    const argv = ['audit', '--strategy', 'pldot_cross', '--cuts', '1', '--timeframe', '1d', '--higher', '1w', '--json']
    const report = await json<AuditReport>(...argv, '--displacement', '0', '--envelope-method', 'atr', '--atr-bars', '3')
    expect(report.geometry_parameters).toEqual({ ...modelParameters, displacement: 0, envelope_method: 'atr', atr_bars: 3 })
    expect(auditText(report).split('\n').slice(1, 4)).toEqual([
      'Geometry: displacement 0: closes against the dot that includes them.',
      'Geometry: envelope by the method atr.',
      'Geometry: atr bars 3.',
    ])
    expect(auditText({ ...report, geometry_parameters: modelParameters })).not.toContain('Geometry:')
  }, 60_000)

  it('are kept by a run, said in its report and drawn with its trades', async () => {
    const chosen = ['--envelope-method', 'atr', '--atr-bars', '3', '--atr-multiple', '0.5', '--touch-tolerance', '0.001']
    const run = await store.backtest('W', '--timeframe', '1d', '--strategy', 'envelope_fade', '--run-id', 'atr', ...chosen)
    const { out } = await store.dgas('report', run)
    expect(out).toContain('envelope by the method atr, atr bars 3, atr multiple 0.5, touch tolerance 0.001')
    const drawn = async (...more: string[]) => envelopeRows(await json('chart', 'W', '--timeframe', '1d', '--json', ...more))
    const ofRun = await drawn('--run', run)
    expect(ofRun).toEqual(await drawn(...chosen))
    expect(ofRun).not.toEqual(await drawn())
    expect(await drawn('--run', run, '--envelope-method', 'mean')).toEqual(await drawn())
    const { datasets } = await charts.price(handle, { symbol: 'W', timeframe: '1d', run }) as unknown as Parameters<typeof envelopeRows>[0]
    expect(envelopeRows({ datasets })).toEqual(ofRun)
    const subtitle = (spec: object) => (spec as { title: { subtitle: string[] } }).title.subtitle.join(' ').replaceAll(/\s+/g, ' ')
    const said = 'envelope by the method atr · atr bars 3 · atr multiple 0.5 · touch tolerance 0.001'
    const argv = ['chart', 'W', '--timeframe', '1d', '--json', '--run', run]
    expect(subtitle(await json(...argv))).not.toContain('geometry of the run')
    expect(subtitle(await json(...argv, '--touch-tolerance', '0.001'))).toContain(said)
    expect(subtitle(await json(...argv, '--touch-tolerance', '0.001'))).not.toContain('geometry of the run')
    expect(subtitle(await json(...argv, '--envelope-method', 'mean'))).toContain('touch tolerance 0.001 · not the geometry of the run')
    expect(subtitle(await charts.price(handle, { symbol: 'W', timeframe: '1d', run, displacement: 0 }))).toContain('not the geometry of the run')
  })
})

function wider({ top, bottom }: Envelope, times: number): Envelope {
  const [middle, half] = [(top + bottom) / 2, (top - bottom) / 2]
  return { top: middle + times * half, bottom: middle - times * half }
}

describe('chosen higher timeframes', () => {
  const frames = `select distinct higher_timeframe as higher, second_higher_timeframe as second from context
    where timeframe = '1d' and higher_timeframe is not null order by second nulls last limit 1`
  const title = (spec: unknown) => {
    const { text, subtitle } = (spec as { title: { text: string | string[]; subtitle: string[] } }).title
    return [text, ...subtitle].flat().join(' ')
  }

  it('are those of context in a query, which says so, and in the library', async () => {
    expect(await json('query', frames, '--json')).toEqual([{ higher: '1w', second: '1mo' }])
    const { out, err } = await store.dgas('query', frames, '--higher', '1mo', '--json')
    expect(JSON.parse(out)).toEqual([{ higher: '1mo', second: null }])
    expect(err).toMatch(/^1 row in .*, beside 1mo\n$/)
    const { columns } = await query(handle, frames, {}, { higher: ['1w', '1q'] })
    expect([columns.higher, columns.second]).toEqual([['1w'], ['1q']])
  })

  it('are those that a chart draws, or those of its run', async () => {
    const argv = ['chart', 'W', '--timeframe', '1d', '--show', 'higher,alignment', '--json']
    expect(title(await json(...argv))).toMatch(/the 1w PLdot and envelope and alignment 2025-[^b]*bars$/)
    const monthly = await json(...argv, '--higher', '1mo')
    expect(title(monthly)).toMatch(/the 1mo PLdot.* beside 1mo$/)
    const run = await store.backtest('W', '--timeframe', '1d', '--strategy', 'pldot_cross', '--run-id', 'monthly', '--higher', '1mo')
    const ofRun = await json(...argv, '--run', run)
    expect(title(ofRun)).toContain('the 1mo PLdot')
    expect(title(ofRun)).not.toContain('not the geometry of the run')
    expect(title(await json(...argv, '--run', run, '--higher', '1w'))).toMatch(/the 1w PLdot.*beside 1w.*not the geometry of the run/)
    // the run of days says nothing of weeks
    expect(title(await json('chart', 'W', '--timeframe', '1w', '--show', 'dot', '--json', '--run', run))).not.toContain('not the geometry')
    expect(title(await charts.price(handle, { symbol: 'W', timeframe: '1d', parts: ['higher'], higher: ['1mo'] }))).toMatch(/the 1mo PLdot.*beside 1mo$/)
  })

  it.each([
    ['of a part of one timeframe', ['chart', 'W', '--higher', '1mo'], /^dgas: --higher chooses timeframes above the bars; expected a part that shows one/],
    ['below the bars', ['chart', 'W', '--timeframe', '1w', '--show', 'higher', '--higher', '1d'], /^dgas: --higher: "1d" is no ladder above 1w/],
    ['of a year', ['chart', 'W', '--timeframe', '1y', '--show', 'higher'], /^dgas: 1y has no higher timeframe; expected parts of one timeframe/],
    ['in no order', ['query', 'select 1', '--higher', '1mo,1w'], /^dgas: --higher: "1mo,1w" is no ladder/],
    ['of a chart of a run', ['chart', '--run', 'latest', '--higher', '1mo'], /^dgas: --higher chooses geometry; expected a symbol besides/],
  ])('are an error %s', async (_, argv, message) => {
    const { code, err } = await store.dgas(...argv)
    expect([code, message.test(err)], err).toEqual([2, true])
  })
})

describe('a wrong choice of the geometry', () => {
  const commands = [
    ['query', 'select 1'], ['analyze', 'W'], ['scan'], ['chart', 'W'], ['chart', '--sql', 'select 1 as a', '--x', 'a', '--y', 'a'], ['audit'], ['backtest', 'W'],
  ]
  it.each(commands)('is an error of dgas %s %s', async (...command) => {
    const wrong: [option: string[], message: RegExp][] = [
      [['--displacement', '2'], /'--displacement <bars>' argument '2' is invalid\. Allowed choices are 0, 1/],
      [['--envelope-method', 'mode'], /'--envelope-method <method>' argument 'mode' is invalid\. Allowed choices are mean, pldot_stdev, range, atr, percent/],
      [['--envelope-method', 'atr', '--atr-bars', '1.5'], /--atr-bars: "1.5" is not possible; expected a whole number of at least 1, at most 10000/],
      [['--envelope-method', 'atr', '--atr-multiple', '0'], /--atr-multiple: "0" is not possible; expected a number above 0/],
      [['--envelope-method', 'percent', '--envelope-percent', 'one'], /--envelope-percent: "one" is no number/],
      [['--exhaust-widths', '-1'], /--exhaust-widths: "-1" is not possible/],
      [['--touch-tolerance', '2'], /--touch-tolerance: "2" is not possible; expected a number of at least 0, at most 1/],
      [['--approach-tolerance', '2'], /--approach-tolerance: "2" is not possible/],
      [['--atr-bars', '3'], /--atr-bars belongs to another envelope; expected --envelope-method atr besides/],
      [['--envelope-method', 'atr', '--envelope-percent', '2'], /--envelope-percent belongs to another envelope; expected --envelope-method percent besides/],
    ]
    for (const [option, message] of wrong) {
      const { code, out, err } = await store.dgas(...command, ...option)
      expect(err).toMatch(message)
      expect([code, out]).toEqual([2, ''])
    }
  })

  it('is an error of the library', async () => {
    await expect(query(handle, sql, {}, { displacement: 2 as 1 })).rejects.toThrow('--displacement: there is no "2"; expected 0, 1')
    await expect(query(handle, sql, {}, { envelopeMethod: 'rang' as 'range' })).rejects.toThrow(/there is no "rang"; .*did you mean range\?/)
    await expect(charts.price(handle, { symbol: 'W', atrBars: 3 })).rejects.toThrow('--atr-bars belongs to another envelope')
  })

  it('is one for a chart of a run', async () => {
    const { code, err } = await store.dgas('chart', '--run', 'latest', '--exhaust-widths', '1')
    expect(err).toContain('--exhaust-widths chooses geometry; expected a symbol besides')
    expect(code).toBe(2)
  })
})
