import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const hook = fileURLToPath(new URL('usage-hook.mjs', import.meta.url))

/** Runs a node script once and returns its wall time, processor time and peak memory; throws when it fails. */
export function measureOnce(script, args) {
  const folder = mkdtempSync(join(tmpdir(), 'dgas-bench-'))
  const usageFile = join(folder, 'usage.json')
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', hook, script, ...args], {
    env: { ...process.env, BENCH_USAGE: usageFile },
    encoding: 'utf8',
  })
  const wallMs = performance.now() - started
  if (status !== 0) throw new Error(`${[script, ...args].join(' ')} ended with ${status}:\n${stderr}`)
  const usage = JSON.parse(readFileSync(usageFile, 'utf8'))
  rmSync(folder, { recursive: true })
  return { wallMs, ...usage, stdout }
}

/**
 * Measures several cases in turn, round after round, so that a busy moment of the machine touches all of them; what is to be done
 * `before` a case is not measured. Returns the median of each figure and what each case printed last.
 */
export function measureRounds(cases, rounds) {
  const samples = new Map(cases.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const { name, script, args, before } of cases) {
      before?.()
      samples.get(name).push(measureOnce(script, args))
    }
  }
  return cases.map((entry) => {
    const figures = samples.get(entry.name)
    const middle = (key) => median(figures.map((sample) => sample[key]))
    const { stdout } = figures.at(-1)
    return { ...entry, stdout, wallMs: middle('wallMs'), cpuMs: middle('cpuMs'), peakBytes: middle('peakBytes') }
  })
}

/** Returns the median of numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
