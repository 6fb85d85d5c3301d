import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtCli, type BuiltCli } from '../cli/built.js'
import { resultsOf } from './run-results.js'
import { testStore, type TestStore } from './store.js'

let store: TestStore
let cli: BuiltCli
beforeAll(async () => {
  store = await testStore(12, '2026-01-02', '2026-03-31')
  cli = await builtCli()
})
afterAll(() => {
  store.remove()
  cli.remove()
})

const start = (...argv: string[]) => cli.start('--store', store.folder, '--threads', '2', ...argv)
const small = ['backtest', '--strategy', 'pldot_cross', '--batch-bars', '1700', '--allow-short']
const portfolio = ['--portfolio', '--max-positions', '4', '--fraction', '0.25']
const folderOf = (id: string) => join(store.folder, 'runs', id)

/** Numbers from 0 to 1, the same ones each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('it did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

describe.each([['separate accounts', []], ['a shared account', portfolio]])('a run with %s', (name, rules) => {
  const key = name.replaceAll(' ', '-')

  it('that is killed at any moment, again and again, is resumed to the same result, to the last bit', async () => {
    const random = seeded(rules.length + 7)
    const started = performance.now()
    expect(await start(...small, ...rules, '--run-id', `${key}-whole`).ended).toBe(0)
    const wholeMs = performance.now() - started
    const whole = await resultsOf(store, `${key}-whole`)
    let kills = 0
    for (let round = 0; kills < 10; round++) {
      const id = `${key}-${round}`
      // from its beginning, then where it has come to
      for (let argv = [...small, ...rules, '--run-id', id]; kills < 10; argv = ['backtest', '--resume', id]) {
        const { child, ended } = start(...argv)
        // most of the time goes by before there is a run at all
        if (argv.length > 3) await Promise.race([until(() => existsSync(join(folderOf(id), 'run.json'))), ended])
        const timer = setTimeout(() => child.kill('SIGKILL'), random() * wholeMs * (argv.length > 3 ? 0.5 : 0.9))
        const end = await ended
        clearTimeout(timer)
        if (end === 0) break
        expect(end).toBe('SIGKILL')
        kills++
      }
      expect(await start('backtest', '--resume', id).ended).toBe(0)
      expect(await resultsOf(store, id)).toEqual(whole)
      expect(readdirSync(folderOf(id), { recursive: true, encoding: 'utf8' }).filter((path) => /tmp|lock|progress/.test(path))).toEqual([])
    }
  })
})

describe('a signal', () => {
  const begun = async (id: string) => {
    const running = start(...small, '--batch-bars', '1', '--run-id', id)
    await until(() => existsSync(join(folderOf(id), 'batches')) && readdirSync(join(folderOf(id), 'batches')).length > 0)
    return running
  }
  const goesOn = async (id: string) => {
    expect(await start('backtest', '--resume', id).ended).toBe(0)
    const record = JSON.parse(readFileSync(join(folderOf(id), 'run.json'), 'utf8')) as { status: string; symbols: number }
    expect(record).toMatchObject({ status: 'completed', symbols: 12 })
  }

  it('SIGINT lets the batch end, says how to go on, and has its own exit code', async () => {
    const { child, ended, errors } = await begun('interrupted')
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(errors()).toMatch(/^interrupted: the batch at hand is being finished; once more ends at once\n/)
    expect(errors()).toContain('dgas: interrupted; what is done is kept: dgas backtest --resume interrupted\n')
    // no escape codes where there is no terminal
    expect(errors()).not.toContain('\u001b')
    await goesOn('interrupted')
  })

  /** Runs a backtest in this process, and lets it take a SIGINT as soon as something is so. */
  const interrupted = async (isTime: () => boolean, ...argv: string[]) => {
    const others = process.listenerCount('SIGINT')
    const running = store.dgas('backtest', '--strategy', 'pldot_cross', '--quiet', ...argv)
    await until(() => process.listenerCount('SIGINT') > others && isTime())
    process.listeners('SIGINT').at(-1)!('SIGINT')
    return running
  }

  it('SIGINT before a run has begun says so in one line, and leaves nothing', async () => {
    const outcome = await interrupted(() => true, '--run-id', 'early')
    expect(outcome).toEqual({ code: 130, out: '', err: 'dgas: interrupted before the run began: there is nothing of it\n' })
    expect(existsSync(folderOf('early'))).toBe(false)
  })

  it('SIGINT in the last batch says that the run is complete', async () => {
    const { code, err } = await interrupted(() => existsSync(join(folderOf('late'), 'progress.json')), '--run-id', 'late')
    expect([code, err.split('\n').slice(1)]).toEqual([0, ['nothing was left to interrupt: the run is complete', '']])
  })

  it('a second SIGINT ends at once and says how to go on', async () => {
    const strategy = store.file('slow.sql', `-- Counts for a while before its first row.
      select symbol, bar_at, 1 as entry from bars
      where timeframe = $timeframe and (select count(*) from range(30000) a, range(4000) b where hash(a.range + b.range) % 7 = 0) > 0`)
    const running = start('backtest', '--strategy', strategy, '--batch-bars', '5000', '--run-id', 'twice')
    await until(() => existsSync(join(folderOf('twice'), 'progress.json')))
    running.child.kill('SIGINT')
    await until(() => running.errors().includes('once more ends at once'))
    running.child.kill('SIGINT')
    expect(await running.ended).toBe('SIGINT')
    expect(running.errors()).toMatch(/\nended by SIGINT; what is done is kept: dgas backtest --resume twice\n$/)
    await goesOn('twice')
  })

  it('SIGTERM ends at once and says how to go on', async () => {
    const { child, ended, errors } = await begun('ended')
    child.kill('SIGTERM')
    expect(await ended).toBe('SIGTERM')
    expect(errors()).toBe('ended by SIGTERM; what is done is kept: dgas backtest --resume ended\n')
    await goesOn('ended')
  })
})
