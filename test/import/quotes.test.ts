import fc from 'fast-check'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ImportReport } from '../../src/import/report.js'
import { instrumentsSql } from '../../src/store/instruments.js'
import { rejects, room, type Room } from './room.js'

const header = 'date,open,high,low,close,volume,Name'
const row = (number: number, symbol = `S${number}`) => `2026-01-26,10,12,9,11,5,${symbol}`
const rows = (count: number) => Array.from({ length: count }, (_, index) => row(index + 1))
const daily = ['--timeframe', '1d'] as const
const quotes = (line: string) => `"${line.replaceAll('"', '""')}"`
const rejected = (number: number, reason: string, line: string) => `${number},${number + 1},malformed line: ${reason},,,,,,,,${quotes(line)}`

describe('a stray quote costs its own row only', () => {
  it.each([
    ['before a symbol', 1144, { 6: '"S6' }, 'quote is not closed'],
    ['twice', 1144, { 6: '"S6', 501: '"S501' }, 'quote is not closed'],
    ['in rows that follow each other', 20, { 6: '"S6', 7: '"S7', 8: '"S8' }, 'quote is not closed'],
    ['near the end', 1144, { 1143: '"Z' }, 'quote is not closed'],
    ['at the end', 1144, { 1144: '"Z' }, 'quote is not closed'],
    ['behind a backslash', 20, { 6: String.raw`"A\"AL"` }, 'unquoted value'],
    ['in every row but one', 3000, Object.fromEntries(Array.from({ length: 2999 }, (_, index) => [index + 1, '"S'])), 'quote is not closed'],
  ])('%s', async (_, count, damage: Record<number, string>, reason) => {
    const { csv, bars } = room()
    const lines = rows(count)
    for (const [number, symbol] of Object.entries(damage)) lines[Number(number) - 1] = row(Number(number), symbol)
    const broken = Object.keys(damage).map(Number)
    const report = await csv([header, ...lines], ...daily)
    expect(report).toMatchObject({
      rows_read: count,
      rows_written: count - broken.length,
      rejected: { [`malformed line: ${reason}`]: broken.length },
    })
    expect(rejects(report)).toEqual(broken.map((number) => rejected(number, reason, lines[number - 1])))
    expect(await bars('1d', 'symbol')).toHaveLength(count - broken.length)
  })

  it('also before one at the end of a later row, which is part of its value there', async () => {
    const { csv, bars } = room()
    const lines = [...rows(5), row(6, '"S6'), row(8), row(7, 'S7"')]
    expect(rejects(await csv([header, ...lines], ...daily))).toEqual([rejected(6, 'quote is not closed', lines[5])])
    expect(await bars('1d', 'symbol')).toEqual(['S1', 'S2', 'S3', 'S4', 'S5', 'S7"', 'S8'])
  })

  it('among malformed, wrong and empty lines, which keep their numbers', async () => {
    const { csv } = room()
    const lines = [header, row(1), '', row(2, '"S2'), 'few', row(3), '', row(4, ''), row(5, '"S5'), 'few', row(6, '')]
    const numbers = rejects(await csv(lines, ...daily)).map((line) => line.split(',', 3).join())
    expect(numbers).toEqual([
      '2,4,malformed line: quote is not closed',
      '3,5,malformed line: missing columns',
      '5,,missing symbol',
      '6,9,malformed line: quote is not closed',
      '7,10,malformed line: missing columns',
      '8,,missing symbol',
    ])
  })

  it('when a file is read again for the sake of its years', async () => {
    const { csv } = room()
    const report = await csv([header, row(1), row(2, '"S2'), row(3).replace('2026-01-26', '1950-01-03'), 'few'], ...daily)
    expect(report).toMatchObject({ rows_read: 4, rows_written: 2, rows_rejected: 2 })
  })

  it('in each of several files', async () => {
    const { report, file } = room()
    const files = ['a', 'b'].map((name) => file(`${name}.csv`, [header, row(1, name), row(2, '"S'), 'few', row(3, `${name}3`)].join('\n')))
    const outcome = await report(...files, ...daily)
    expect(outcome).toMatchObject({ rows_read: 8, rows_written: 4 })
    expect(rejects(outcome).map((line) => line.split(',', 2).join())).toEqual(['2,3', '3,4', '2,3', '3,4'])
  })

  it('and of a line that is no UTF-8 its text is shown as far as it is', async () => {
    const { report, file } = room()
    const path = file('bars.csv', '')
    writeFileSync(path, `${[header, row(1), row(2, '"é\xff'), row(3, '\xff'), row(4, '"\0')].join('\n')}\n`, 'latin1')
    const outcome = await report(path, ...daily)
    expect(outcome).toMatchObject({ rows_read: 4, rows_written: 1 })
    expect(outcome.rejected).toEqual({ 'malformed line: quote is not closed': 2, 'malformed line: invalid encoding': 1 })
  })

  it('of corporate actions', async () => {
    const { csv } = room()
    const lines = ['symbol,ex_date,kind,value', 'A,2026-01-26,split,2', '"B,2026-01-26,split,2', 'C,2026-01-26,split,2']
    expect(await csv(lines, '--actions')).toMatchObject({ rows_read: 3, rows_written: 2, rows_rejected: 1 })
  })
})

describe('a file with a stray quote', () => {
  const german = ['Name;date;open;high;low;close;volume', 'A;2026-01-26;"1.010,5";1.012;1.009;1.011;5', '"B;2026-01-26;10;12;9;11;5', '"C";2026-01-26;10;12;9;11;"5"']
  const tabs = german.map((line) => line.replaceAll(';', '\t'))
  const numbers = ['--decimal', ',', '--thousands', '.'] as const

  it.each([
    ['semicolons', 'bars.csv', german.join('\n')],
    ['tabs', 'bars.tsv', tabs.join('\n')],
    ['CR LF', 'bars.csv', `${german.join('\r\n')}\r\n`],
    ['CR', 'bars.csv', `${german.join('\r')}\r`],
    ['a byte order mark', 'bars.csv', `\ufeff${german.join('\n')}\n`],
    ['a byte order mark and quotes', 'bars.csv', `\ufeff${german.join('\n').replace('Name', '"Name"')}\n`],
    ['gzip', 'bars.csv.gz', gzipSync(`${german.join('\n')}\n`)],
    ['gzip in two parts', 'bars.csv.gz', Buffer.concat([gzipSync(`${german[0]}\n`), gzipSync(`${german.slice(1).join('\n')}\n`)])],
  ])('may have %s', async (_, name, text) => {
    const { report, file, bars } = room()
    const path = file(name, '')
    writeFileSync(path, text)
    const outcome = await report(path, ...daily, ...numbers)
    expect(outcome).toMatchObject({ rows_read: 3, rows_written: 2, rejected: { 'malformed line: quote is not closed': 1 } })
    expect(await bars('1d', 'symbol, open, volume')).toEqual(['A 1010.5 5.0', 'C 10.0 5.0'])
  })

  it('may be packed with zstd', async () => {
    const given = room()
    const path = given.file('bars.csv.zst', '')
    const lines = [header, row(1), '', row(2, '"é'), row(3)].map((line) => `('${line}')`)
    await given.rows(`copy (from (values ${lines.join(', ')})) to '${path}' (format csv, header false, quote '', delimiter '|', compression zstd)`)
    const report = await given.report(path, ...daily)
    expect(report).toMatchObject({ rows_read: 3, rows_written: 2 })
    expect(rejects(report)).toEqual([expect.stringContaining(`,2,4,malformed line: quote is not closed,,,,,,,,${quotes(row(2, '"é'))}`)])
  })

  it('that ends in the middle of what is packed is an error', async () => {
    const { run, file, bars } = room()
    const path = file('bars.csv.gz', '')
    const noise = Array.from({ length: 20_000 }, (_, index) => row(index, `S${(index * 7919) % 104_729}`))
    const packed = gzipSync([header, ...noise].join('\n'))
    writeFileSync(path, packed.subarray(0, packed.length / 2))
    expect(await run(path, ...daily)).toMatchObject({ code: 1, err: `dgas: ${path}: what is packed in it is damaged or cut off\n` })
    expect(await bars('1d')).toEqual([])
  })

  it('among the names of its columns is an error', async () => {
    const { run, file } = room()
    const path = file('bars.csv', [header.replace('Name', '"Name'), row(1)].join('\n'))
    const err = `dgas: ${path}: a quote of the first line is not closed; expected names of columns in one line\n`
    expect(await run(path, ...daily)).toMatchObject({ code: 2, err })
  })
})

describe('instruments', () => {
  const columns = 'symbol,name,exchange,sector'

  it('behind one with a stray quote are read', async () => {
    const given = room()
    const report = await given.csv(
      [columns, 'ZZZ,Zeta,XNYS,Energy', 'AAA,"Alpha Inc,NYSE,Energy', 'BBB,"Beta, Inc.",XNYS,Energy', 'CCC,Gamma,XNYS,Energy'],
      '--instruments',
    )
    expect(report).toMatchObject({ rows_read: 4, rows_written: 3, rejected: { 'malformed line: quote is not closed': 1 } })
    expect(rejects(report)).toEqual([`2,3,malformed line: quote is not closed,,,,,,${quotes('AAA,"Alpha Inc,NYSE,Energy')}`])
    expect(await names(given)).toEqual(['BBB|Beta, Inc.', 'CCC|Gamma', 'ZZZ|Zeta'])
  })

  it('may have names that span lines', async () => {
    const given = room()
    const lines = [columns, 'A,"Alpha,\r\n\r\n""Inc""",XNYS,Energy', 'few', 'B,"Beta', 'C,"Gamma\r\nInc",,', '', ',Nobody,,', 'few']
    const report = await given.report(given.file('i.csv', `${lines.join('\r\n')}\r\n`), '--instruments')
    expect(report).toMatchObject({ rows_read: 6, rows_written: 2 })
    expect(await names(given)).toEqual(['A|Alpha,\r\n\r\n"Inc"', 'C|Gamma\r\nInc'])
    expect(rejects(report).map((line) => line.split(',', 3).join())).toEqual([
      '2,5,malformed line: missing columns',
      '3,6,malformed line: quote is not closed',
      '5,,missing symbol',
      '6,11,malformed line: missing columns',
    ])
  })

  it('may have names of columns in quotes, with a separator in them', async () => {
    const given = room()
    await given.csv(['"symbol","rank, of all","name"', 'A,1,Alpha'], '--instruments')
    expect(await names(given)).toEqual(['A|Alpha'])
  })
})

describe('whatever quotes do to a file', () => {
  const damage = fc.record({
    index: fc.nat({ max: 59 }),
    place: fc.nat({ max: 40 }),
    text: fc.constantFrom('"', '"', '""', String.raw`\"`, '" ', ' "'),
  })
  const files = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    damages: fc.array(damage, { maxLength: 12 }),
    empty: fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 4 }),
    delimiter: fc.constantFrom(',', ';', '\t'),
    newline: fc.constantFrom('\n', '\r\n'),
    hasEnd: fc.boolean(),
    isQuoted: fc.boolean(),
  })

  it('every line is read, and written or rejected under its number', async () => {
    await fc.assert(fc.asyncProperty(files, async ({ count, damages, empty, delimiter, newline, hasEnd, isQuoted }) => {
      const { report, file, bars } = room()
      const sound = rows(count).map((line) => (isQuoted ? line.split(',').map(quotes).join(delimiter) : line.replaceAll(',', delimiter)))
      const lines = sound.map((line, index) => damages.filter((one) => one.index === index).reduce(damaged, line))
      const placed = lines.flatMap((line, index) => (empty.includes(index) ? ['', line] : [line]))
      const text = [header, row(0)].map((line) => line.replaceAll(',', delimiter)).concat(placed)
      const outcome = await report(file('bars.csv', text.join(newline) + (hasEnd ? newline : '')), ...daily)
      expect(outcome.rows_read).toBe(count + 1)
      expect(outcome.rows_written + outcome.rows_rejected).toBe(count + 1)
      const stored = await bars('1d', 'symbol')
      expect(stored).toHaveLength(outcome.rows_written)
      const unharmed = lines.flatMap((line, index) => (line === sound[index] ? [`S${index + 1}`] : []))
      expect(stored).toEqual(expect.arrayContaining(['S0', ...unharmed]))
      const numbers = text.map((_, index) => text.slice(1, index).filter((other) => other !== '').length + 1)
      for (const { row: number, line, text: shown } of await malformed(outcome)) {
        expect([shown, number]).toEqual([text[line - 1], numbers[line - 1]])
      }
    }), { numRuns: 40 })
  }, 120_000)

  function damaged(line: string, { place, text }: { place: number; text: string }): string {
    const at = place % (line.length + 1)
    return line.slice(0, at) + text + line.slice(at)
  }

  async function malformed({ rejects_file: file }: ImportReport): Promise<{ row: number; line: number; text: string }[]> {
    if (file === null) return []
    const columns = `row, line, text from read_csv('${file}', quote = '"', escape = '"', types = {text: varchar})`
    return await room().rows(`select ${columns} where line is not null`) as { row: number; line: number; text: string }[]
  }
})

const data = resolve(import.meta.dirname, '../../../shared/data')

describe.skipIf(!existsSync(data))('a real file', () => {
  it('of 619,040 rows loses only the one with a stray quote', async () => {
    const { report, file } = room()
    const lines = readFileSync(`${data}/raw/all_stocks_5yr.csv`, 'utf8').split('\n')
    lines[3] = lines[3].replace('AAL', '"AAL')
    const outcome = await report(file('real.csv', lines.join('\n')), ...daily)
    expect(outcome).toMatchObject({ rows_read: 619_040, rows_rejected: 24, symbols: 505 })
    expect(rejects(outcome)[0]).toBe(rejected(3, 'quote is not closed', lines[3]))
  })
})

async function names({ rows: query, store }: Room): Promise<unknown[]> {
  return (await query(`select concat_ws('|', symbol, name) as line from (${instrumentsSql(store)}) order by symbol`)).map(({ line }) => line)
}
