import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandNames } from '../../src/cli.js'
import { run, type Outcome } from '../cli/run.js'
import { commandLines, examplesOf, mentions, needsShell, pages, words } from './command-lines.js'
import { docsRoom, type Room } from './room.js'

/** What another test executes, and that test: one line, all lines, or sessions. Sessions are compared with what the page shows. */
const elsewhere: readonly { page: string; lines: string; test: string }[] = [
  { page: 'docs/geometry.md', lines: 'all', test: 'geometry.test.ts' },
  { page: 'README.md', lines: 'sessions', test: '../cli/readme.test.ts' },
  { page: 'docs/operations.md', lines: 'sessions', test: 'operations.test.ts' },
  { page: 'README.md', lines: 'dgas backtest --universe all --strategy ./dip.sql --param depth=0.5', test: '../cli/readme.test.ts' },
  {
    page: 'docs/operations.md',
    lines: 'dgas backtest --universe all --run-id nightly --quiet --log-file dgas.jsonl',
    test: 'operations.test.ts',
  },
]

/** What is not executed as it stands, why, and what takes its place; without a Redis server, the options are checked instead. */
const standIns: readonly { of: RegExp; why: string; run: (line: string, room: Room) => Promise<Outcome> | Outcome }[] = [
  { of: /redis:/, why: 'there is no server and no shared store on a test machine: those of the test are used', run: runQueued },
  { of: /^dgas audit/, why: 'every cut computes everything again: one cut for one symbol, below one timeframe', run: (line, { dgas }) => dgas(`${line} --cuts 1 --symbols 1 --higher 1d`) },
  { of: /--watch$/, why: 'no other process carries out a run: the record of one is written', run: runWatching },
]

let room: Room
beforeAll(async () => void (room = await docsRoom()))
afterAll(() => room.remove())

const help = (await run(['--help'])).out
const own = pages.flatMap(commandLines).filter((found) => !elsewhere.some(({ page, lines }) => {
  return page === found.page && (lines === 'all' || (lines === 'sessions' && found.isSession) || lines === found.line)
}))
const lines = [...new Set([...own.map(({ line }) => line), ...examplesOf(help)])]

describe('the command lines of README.md, docs/ and dgas --help', () => {
  it('are found', () => {
    expect(lines.length).toBeGreaterThan(65)
    expect(commandNames.filter((name) => !lines.some((line) => words(line)[1] === name))).toEqual([])
  })

  it('are left to another test only where there is one', () => {
    for (const { page, lines: left, test } of elsewhere) {
      expect(existsSync(join(import.meta.dirname, test)), test).toBe(true)
      const found = commandLines(page).filter(({ line, isSession }) => left === 'all' || (left === 'sessions' ? isSession : line === left))
      expect(found.length, `${page}: ${left}`).toBeGreaterThan(0)
    }
    for (const { of } of standIns) expect(lines.some((line) => of.test(line)), String(of)).toBe(true)
  })

  it.each(lines)('work: %s', async (line) => {
    const standIn = standIns.find(({ of }) => of.test(line))
    const { code, err } = await (standIn?.run ?? runAsItStands)(line, room)
    expect(code, err).toBe(0)
  }, 120_000)
})

describe('the commands in the running text', () => {
  it.each([...new Set(pages.flatMap(mentions))])('have options that there are: %s', async (line) => {
    await expectOptions(line)
  })
})

describe('the help of every command', () => {
  it.each(['', ...commandNames, 'runs diff'])('teaches by two to nine examples: dgas %s', async (name) => {
    const examples = examplesOf((await run([...words(name), '--help'])).out)
    expect(examples.length).toBeGreaterThanOrEqual(2)
    expect(examples.length).toBeLessThanOrEqual(name === '' ? 9 : 6)
    expect(examples.filter((line) => line.includes(`dgas ${name}`.trim())).length).toBeGreaterThanOrEqual(2)
  })
})

function runAsItStands(line: string, { dgas, shell }: Room): Promise<Outcome> | Outcome {
  forgetRun(line)
  return needsShell(line) ? shell(line) : dgas(line)
}

/** A page may make a run that is there already. */
function forgetRun(line: string): void {
  const id = /--run-id (\S+)/.exec(line)?.[1]
  if (id !== undefined) rmSync(join('data/runs', id), { recursive: true, force: true })
}

/** A worker ends when there is nothing to do; a backtest needs one, however late it gives it something to do. */
async function runQueued(line: string, { dgas, redis }: Room): Promise<Outcome> {
  if (redis === null) {
    await expectOptions(line)
    return { code: 0, out: '', err: '' }
  }
  forgetRun(line)
  const here = line.replaceAll(/redis:\S+/g, redis).replace('/mnt/store', 'data')
  if (line.startsWith('dgas worker')) return dgas(`${here} --idle-exit 0.5`)
  if (!line.startsWith('dgas backtest')) return dgas(here)
  let isOver = false
  const running = dgas(here).finally(() => void (isOver = true))
  while (!isOver) {
    const worked = await dgas(`dgas worker --queue ${redis} --idle-exit 0.5`)
    if (worked.code !== 0) return worked
  }
  return running
}

async function runWatching(line: string, { dgas, goingRun }: Room): Promise<Outcome> {
  const forget = goingRun()
  try {
    return await dgas(line)
  } finally {
    forget()
  }
}

async function expectOptions(line: string): Promise<void> {
  const [, ...rest] = words(line)
  const name = rest.filter((word) => /^[a-z]+$/.test(word)).slice(0, rest[1] === 'diff' ? 2 : 1)
  const { code, out } = await run([...name, '--help'])
  expect(code, line).toBe(0)
  for (const option of rest.filter((word) => word.startsWith('--'))) expect(out, line).toMatch(new RegExp(`${option}[ ,\\n]`))
}
