import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testStore, type TestStore } from '../backtest/store.js'
import { builtCli, type BuiltCli } from '../cli/built.js'

let store: TestStore
let cli: BuiltCli
let folder: string
beforeAll(async () => {
  store = await testStore(1, '2026-01-02', '2026-01-05')
  cli = await builtCli()
  folder = mkdtempSync(join(tmpdir(), 'dgas-process-'))
})
afterAll(() => {
  store.remove()
  cli.remove()
  rmSync(folder, { recursive: true })
})

/** Runs a line of the shell in which `dgas` is the program. */
function shell(line: string, env: Record<string, string> = {}): { status: number | null; stdout: string; stderr: string } {
  const dgas = `dgas() { '${process.execPath}' '${cli.path}' --store '${store.folder}' "$@"; }`
  return spawnSync('bash', ['-c', `${dgas}; ${line}`], { encoding: 'utf8', env: { ...process.env, ...env }, input: '' })
}

describe('a reader that stops early', () => {
  it.each(['csv', 'jsonl', 'markdown', 'table'])('ends a long %s without a word', (format) => {
    const { status, stdout, stderr } = shell(`dgas query "from range(3000000)" --format ${format} | head -1; exit \${PIPESTATUS[0]}`)
    expect([status, stderr, stdout.split('\n')]).toEqual([141, '', [expect.any(String), '']])
  })

  it('of a short result is no matter', () => {
    const { status, stderr } = shell(`dgas --quiet query "select 1" | true; exit \${PIPESTATUS[1]}`)
    expect([status, stderr]).toEqual([0, ''])
  })
})

describe('ten million rows', () => {
  const hook = resolve(import.meta.dirname, '../../bench/usage-hook.mjs')

  function peakMegabytes(rows: number, file: string): number {
    const usage = join(folder, 'usage.json')
    const argv = ['--import', hook, cli.path, '--store', store.folder, 'query', `from range(${rows})`, '--output', join(folder, file)]
    const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', env: { ...process.env, BENCH_USAGE: usage } })
    expect(status, stderr).toBe(0)
    return (JSON.parse(readFileSync(usage, 'utf8')) as { peakBytes: number }).peakBytes / 1e6
  }

  it.each(['csv', 'parquet'])('take no more memory than a hundred thousand: %s', (format) => {
    const few = peakMegabytes(100_000, `few.${format}`)
    expect(peakMegabytes(10_000_000, `many.${format}`)).toBeLessThan(few + 60)
    expect(statSync(join(folder, `many.${format}`)).size).toBeGreaterThan(5e6)
  })

  it('nor three million in Arrow', () => {
    expect(peakMegabytes(3_000_000, 'many.arrow')).toBeLessThan(260)
  })
})

describe('standard input and output', () => {
  it('take a query and give bytes', () => {
    expect(shell(`echo "select 1 as a" | dgas query --format csv`).stdout).toBe('a\n1\n')
    expect(shell(`echo "select 1 as a" | dgas query - --format csv`).stdout).toBe('a\n1\n')
    expect(shell(`dgas query "select 1" --format parquet | head -c 4`).stdout).toBe('PAR1')
    expect(shell(`dgas query "select 1" --format arrow | head -c 6`).stdout).toBe('ARROW1')
  })

  it('load neither charts nor Arrow for a query', () => {
    const { stderr } = shell(`NODE_DEBUG=esm,module dgas query "select count(*) from bars"`)
    expect(stderr).toContain('node-bindings')
    expect(stderr).not.toMatch(/vega|apache-arrow|resvg|arquero/)
  })
})
