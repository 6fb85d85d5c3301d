import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pagerOf } from '../../src/commands/pager.js'
import { historyFile, readHistory, writeHistory } from '../../src/commands/shell-history.js'
import { runShell } from '../../src/commands/shell.js'
import { completions } from '../../src/query/complete.js'
import { splitStatements } from '../../src/query/statements.js'
import { testStore, type TestStore } from '../backtest/store.js'

let store: TestStore
let folder: string
beforeAll(async () => {
  store = await testStore(1, '2026-01-02', '2026-01-09')
  folder = mkdtempSync(join(tmpdir(), 'dgas-shell-'))
})
afterAll(() => {
  store.remove()
  rmSync(folder, { recursive: true })
})

/** A shell whose keyboard is this test. */
class Session {
  readonly input = new PassThrough()
  readonly output = Object.assign(new PassThrough(), { columns: 80, rows: 24 })
  readonly ended: Promise<void>
  text = ''

  constructor(env: Record<string, string> = {}) {
    this.output.on('data', (data: Buffer) => (this.text += data.toString()))
    const state = { XDG_STATE_HOME: folder, PAGER: '', ...env }
    this.ended = runShell({ input: this.input, output: this.output, env: state, query: { folder: store.folder }, timeout: null })
  }

  /** Types keys and waits until the screen shows `awaited` below what it showed before. */
  async type(keys: string, awaited: string): Promise<string> {
    const before = this.text.length
    this.input.write(keys)
    for (let tries = 0; tries < 500 && !this.text.slice(before).includes(awaited); tries++) await sleep(20)
    expect(this.text.slice(before)).toContain(awaited)
    return this.text.slice(before)
  }

  async leave(): Promise<void> {
    this.input.write('\u0004')
    await this.ended
  }
}

describe('the shell', () => {
  it('runs statements over lines, shows mistakes and goes on', async () => {
    const session = new Session()
    await session.type('select count(*) as bars,\r', '...')
    expect(await session.type(`';' as mark from bars; select\r`, 'mark')).toContain('bars')
    await session.type('2 as two;\r', 'two')
    expect(await session.type('select clse from bars;\r', '^')).toContain('did you mean close?')
    await session.type('drop view bars;\r', 'would change something')
    await session.type('select 3 as three;\r', 'three')
    await session.leave()
    expect(readFileSync(join(folder, 'dgas', 'history'), 'utf8')).toContain(`select count(*) as bars, ';' as mark from bars; select 2 as two;\n`)
  })

  it('has commands', async () => {
    const session = new Session()
    await session.type('.help\r', '.timing')
    await session.type('.tables\r', 'trade_groups')
    await session.type('.schema equity\r', 'position_value')
    await session.type('.schema equty\r', 'did you mean equity?')
    await session.type('.format csv\r', 'dgas>')
    await session.type('select 1 as a, 2 as b;\r', 'a,b\r\n1,2\r\n'.replaceAll('\r', ''))
    await session.type('.format xml\r', 'there is no format "xml"')
    await session.type('.timing off\r', 'dgas>')
    expect(await session.type('select 1;\r', '1 row\n')).not.toContain(' in ')
    await session.type('.timng\r', 'did you mean .timing?')
    session.input.write('.quit\r')
    await session.ended
  })

  it('stops a statement, and drops a line, with Ctrl-C', async () => {
    const session = new Session()
    session.input.write('select sum(a.range * b.range) from range(100000000) a, range(1000000) b;\r')
    await sleep(700)
    await session.type('\u0003', 'stopped')
    await session.type('select from\rwhere', '...')
    await session.type('\u0003', '^C')
    await session.type('select 4 as four;\r', 'four')
    await session.leave()
  })

  it('completes by tab', async () => {
    const session = new Session()
    await session.type('select pldot_sl\t', 'pldot_slope')
    await session.type(' from geom\t', 'geometry')
    await session.type(' limit 0;\r', '0 rows')
    await session.leave()
  })

  it('shows what does not fit the screen in the pager', async () => {
    const file = join(folder, 'paged')
    const session = new Session({ PAGER: `cat > '${file}'` })
    await session.type('select * from range(15);\r', '14')
    expect(existsSync(file)).toBe(false)
    await session.type('select * from range(50);\r', '50 rows')
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(52)
    await session.leave()
  })

  it('stops a long result when the reader leaves the pager', async () => {
    const session = new Session({ PAGER: 'head -1 > /dev/null' })
    await session.type('select * from range(100000000);\r', 'dgas>')
    await session.type('select 5 as five;\r', 'five')
    await session.leave()
    expect(session.text).not.toContain('error')
  })

  it('says nothing of a pipe that was full when the reader left the pager', async () => {
    const session = new Session({ PAGER: 'sleep 0.5; head -c 100 > /dev/null' })
    await session.type(`select repeat('x', 1000) from range(1000000);\r`, 'dgas>')
    await session.type('select 6 as six;\r', 'six')
    await session.leave()
    expect(session.text).not.toContain('error')
  })
})

describe('the history', () => {
  it('lies in the folder of the state', () => {
    expect(historyFile({ XDG_STATE_HOME: '/state' })).toBe('/state/dgas/history')
    expect(historyFile({})).toMatch(/\.local\/state\/dgas\/history$/)
  })

  it('is kept, the latest first, and works without a folder', () => {
    const file = join(folder, 'kept', 'history')
    writeHistory(file, ['b', 'a'])
    expect([readHistory(file), readFileSync(file, 'utf8')]).toEqual([['b', 'a'], 'a\nb\n'])
    writeFileSync(join(folder, 'in the way'), '')
    const blocked = join(folder, 'in the way', 'history')
    writeHistory(blocked, ['a'])
    expect(readHistory(blocked)).toEqual([])
    chmodSync(file, 0o600)
  })
})

it('the pager is that of the environment', () => {
  expect([pagerOf({}), pagerOf({ PAGER: '' }), pagerOf({ PAGER: 'cat' }), pagerOf({ PAGER: 'most' })]).toEqual(['less -SRX', null, null, 'most'])
})

describe('statements', () => {
  it.each<[text: string, statements: string[], rest: string]>([
    ['select 1;', ['select 1'], ''],
    ['select 1', [], 'select 1'],
    ['select 1; select 2;\n', ['select 1', ' select 2'], ''],
    [`select ';' as ";"; select`, [`select ';' as ";"`], ' select'],
    ['select 1 -- ; no\n', [], 'select 1 -- ; no\n'],
    ['select /* ; */ 1; -- end', ['select /* ; */ 1'], ''],
    [`select 'open; `, [], `select 'open; `],
    ['select /* open; ', [], 'select /* open; '],
    ['select $$ ; $$; ;;', ['select $$ ; $$'], ''],
    [`select 'it''s; one';`, [`select 'it''s; one'`], ''],
  ])('%s', (text, statements, rest) => {
    expect(splitStatements(text)).toEqual({ statements, rest })
  })
})

describe('completions', () => {
  const vocabulary = {
    relations: ['bars', 'geometry', 'trades'],
    columnsOf: (name: string) => Promise.resolve(name === 'trades' ? ['entry_at', 'exit_at'] : ['close', 'closed_at']),
    formats: ['csv', 'json'],
  }

  it.each<[line: string, before: string, found: string[], word: string]>([
    ['select * from b', '', ['bars'], 'b'],
    ['select clo', '', ['close', 'closed_at'], 'clo'],
    ['select ex', 'from trades\n', ['exit_at', 'explain'], 'ex'],
    ['select t.en', 'from trades as t\n', ['t.entry_at'], 't.en'],
    ['sel', '', ['select'], 'sel'],
    ['.sch', '', ['.schema'], '.sch'],
    ['.schema g', '', ['geometry'], 'g'],
    ['.format ', '', ['csv', 'json'], ''],
    ['.timing o', '', ['on', 'off'], 'o'],
    ['where xyz', '', [], 'xyz'],
  ])('%s', async (line, before, found, word) => {
    expect(await completions(line, before, vocabulary)).toEqual([found, word])
  })
})
