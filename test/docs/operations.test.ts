import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/database.js'
import { writeSample } from '../../src/store/sample.js'
import { run } from '../cli/run.js'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8')
const home = process.cwd()
const folder = mkdtempSync(join(tmpdir(), 'dgas-operations-'))

beforeAll(async () => {
  process.chdir(folder)
  const database = await openDatabase({ threads: 2 })
  await writeSample(database, 'store', { symbols: 3 })
  database.close()
})
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true })
})

const sessions = blocks('console').flatMap((block) => block.split(/^\$ /m).slice(1)).map((entry) => {
  const [command, ...output] = entry.split('\n')
  return { command, output: output.join('\n').trim() }
})

it('shows commands', () => {
  expect([sessions.length, commands().length]).toEqual([3, 17])
})

it.each(sessions)('shows what dgas prints: $command', async ({ command, output }) => {
  const { code, out, err } = await run([...words(command).slice(1), '--store', 'store'])
  expect([code, err]).toEqual([0, ''])
  expect(out.trim()).toBe(output)
})

it.each(commands())('names commands and options that there are: %s', async (command) => {
  const [, name, ...rest] = words(command)
  const { out } = await run([name, '--help'])
  for (const option of rest.filter((word) => word.startsWith('--'))) expect(out).toContain(option)
})

it('shows an event as it is logged', async () => {
  const command = commands().find((text) => text.includes('dgas.jsonl'))!
  expect((await run([...words(command).slice(1), '--store', 'store'])).code).toBe(0)
  const last = readFileSync('dgas.jsonl', 'utf8').trimEnd().split('\n').at(-1)!
  const [shown] = blocks('json').map((text) => JSON.parse(text) as object)
  expect(JSON.parse(last)).toEqual({ ...shown, pid: process.pid, elapsed_ms: expect.any(Number) as number })
})

it('multiplies correctly', () => {
  const bars = 10_000 * 2520 * 78
  expect(page).toContain(`| ${(bars / 1e6).toFixed(0).replace('1966', '1,966')} million |`)
  expect(page).toContain(`× 16 bytes | ${((bars * 16) / 1e9).toFixed(0)} GB |`)
  for (const [perBar, hours] of [[5.1, 2.8], [2.0, 1.1]]) {
    expect(((bars * perBar) / 1e6 / 3600).toFixed(1)).toBe(hours.toFixed(1))
    expect(page).toMatch(new RegExp(`× ${perBar.toFixed(1)} µs \\| ${hours} h`))
  }
  expect(page).toContain(`× 0.14 trades × 62 bytes | ${((bars * 0.14 * 62) / 1e9).toFixed(0)} GB |`)
})

function blocks(language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter((match) => match[1] === language).map((match) => match[2])
}

function commands(): string[] {
  return blocks('').flatMap((block) => block.split('\n')).filter((line) => line.startsWith('dgas '))
}

function words(command: string): string[] {
  return (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, '$1'))
}
