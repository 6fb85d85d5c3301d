import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testStore, type TestStore } from '../backtest/store.js'
import { builtCli, type BuiltCli } from '../cli/built.js'

const pages = resolve(import.meta.dirname, '../../docs/commands')
const folder = mkdtempSync(join(tmpdir(), 'dgas-examples-'))

let store: TestStore
let cli: BuiltCli
beforeAll(async () => {
  store = await testStore(3, '2026-01-02', '2026-01-30')
  cli = await builtCli()
  for (const path of ['.local/share/bash-completion/completions', '.zfunc', '.config/fish/completions']) {
    mkdirSync(join(folder, path), { recursive: true })
  }
})
afterAll(() => {
  store.remove()
  cli.remove()
  rmSync(folder, { recursive: true })
})

const examples = ['query', 'schema', 'completion'].flatMap((name) => {
  const [, block] = /^```\n([\s\S]*?)^```$/m.exec(readFileSync(join(pages, `${name}.md`), 'utf8'))!
  return block.trim().split('\n')
})

it.each(examples)('the page shows a command that works: %s', (line) => {
  const dgas = `set -o pipefail; dgas() { '${process.execPath}' '${cli.path}' "$@"; }`
  const env = { ...process.env, HOME: folder, DGAS_STORE: store.folder }
  const { status, stderr } = spawnSync('bash', ['-c', `${dgas}; ${line}`], { cwd: folder, encoding: 'utf8', env, input: '' })
  expect(status, stderr).toBe(0)
})
