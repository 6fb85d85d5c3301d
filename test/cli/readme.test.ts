import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from './run.js'

const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')
const home = process.cwd()
const folder = mkdtempSync(join(tmpdir(), 'dgas-readme-'))

beforeAll(() => process.chdir(folder))
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true })
})

/** Commands of the console blocks with the output that the README shows. */
const sessions = blocks('console').flatMap((block) => block.split(/^\$ /m).slice(1)).map((entry) => {
  const [command, ...output] = entry.split('\n')
  return { command, output: output.join('\n').trim() }
})

it('shows a session', () => {
  expect(sessions.length).toBeGreaterThan(3)
})

it.each(sessions)('shows what dgas prints: $command', async ({ command, output }) => {
  const { code, out, err } = await run(words(command).slice(1))
  expect(code, err).toBe(0)
  // notes before the result, the count of rows after it
  const [notes, ends] = [err.split('\n').filter((line) => !/^\d+ rows/.test(line)), err.split('\n').filter((line) => /^\d+ rows/.test(line))]
  expect(steady([...notes, out, ...ends].join('\n'))).toBe(steady(output))
})

it('has small pictures that its own commands draw', () => {
  const names = [...readme.matchAll(/!\[.*?\]\(docs\/images\/(.*?)\)/g)].map(([, name]) => name)
  expect(names).toEqual(['price.png', 'equity.png'])
  for (const name of names) {
    const [kept, drawn] = [readFileSync(resolve(import.meta.dirname, '../../docs/images', name)), readFileSync(name)]
    expect(kept.length, name).toBeLessThan(150_000)
    expect(kept.subarray(0, 24), name).toEqual(drawn.subarray(0, 24))
    expect(Math.abs(kept.length / drawn.length - 1), `${name} is another picture than the one drawn now`).toBeLessThan(0.01)
  }
})

it('shows a strategy that runs', async () => {
  const [text] = blocks('sql')
  writeFileSync('dip.sql', text)
  const command = blocks('').flatMap((block) => block.split('\n')).find((line) => line.includes('./dip.sql'))!
  const { code, err, out } = await run(words(command).slice(1))
  expect([code, err]).toEqual([0, expect.not.stringContaining('dgas:')])
  expect(out).toContain('dip on 517 symbols')
})

it('names options and commands that there are', async () => {
  const used = blocks('').join('\n').match(/^dgas [a-z]+/gm)!.map((start) => start.split(' ')[1])
  const help = new Map<string, string>()
  for (const name of new Set(used)) help.set(name, (await run([name, '--help'])).out)
  for (const line of blocks('').join('\n').split('\n').filter((text) => text.startsWith('dgas '))) {
    for (const option of line.match(/--[a-z-]+/g) ?? []) expect(help.get(line.split(' ')[1]), line).toContain(option)
  }
})

function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter((match) => match[1] === language).map((match) => match[2])
}

function words(command: string): string[] {
  return (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, '$1'))
}

/** Text without what differs from one machine to the next: times, speeds, memory, and the progress that takes long enough to be told. */
function steady(text: string): string {
  return text
    .replaceAll(/[\d.,]+ (?:s|MB|GB|bars\/s)\b/g, '…')
    .replace(/^run health: .*$/m, 'run health: …')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !/^[\d,]+ of [\d,]+ symbols, .* left, /.test(line))
    .join('\n')
}
