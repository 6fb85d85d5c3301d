import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testStore } from '../backtest/store.js'
import { builtCli } from '../cli/built.js'
import { run, type Outcome } from '../cli/run.js'
import { noRedis, testRedis } from '../queue/redis.js'
import { pageText, words } from './command-lines.js'

/** A working directory in which the commands of the pages find what they name. */
export interface Room {
  /** Runs a command line in this process. */
  dgas: (line: string) => Promise<Outcome>
  /** Runs a line by a shell that calls the built program. */
  shell: (line: string) => Outcome
  /** The Redis server of the test; null: none is installed. */
  redis: string | null
  /** Lets a run go on that ends soon; until then `dgas runs --watch` follows it. Returns what removes it. */
  goingRun: () => () => void
  remove: () => Promise<void>
}

/** The names under which synthetic symbols are imported. */
const symbols = ['AAPL', 'MSFT', 'SPY', 'XIDS', 'XOM']

/** Makes the room the working directory of this process. */
export async function docsRoom(): Promise<Room> {
  const home = { folder: process.cwd(), path: process.env.PATH }
  const folder = mkdtempSync(join(tmpdir(), 'dgas-docs-'))
  await writeFiles(folder)
  for (const path of ['.local/share/bash-completion/completions', '.zfunc', '.config/fish/completions', 'bin']) {
    mkdirSync(join(folder, path), { recursive: true })
  }
  for (const opener of ['xdg-open', 'open']) {
    writeFileSync(join(folder, 'bin', opener), '#!/bin/sh\n')
    chmodSync(join(folder, 'bin', opener), 0o755)
  }
  const [cli, redis] = [await builtCli(), noRedis === null ? await testRedis() : null]
  process.chdir(folder)
  process.env.PATH = `${join(folder, 'bin')}:${home.path ?? ''}`
  const dgas = (line: string) => run(words(line).slice(1), '', { now: () => new Date() })
  await writeRuns(dgas)
  return {
    dgas,
    shell(line) {
      const script = `set -o pipefail; dgas() { '${process.execPath}' '${cli.path}' "$@"; }; ${line}`
      const { status, stdout: out, stderr: err } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, HOME: folder } })
      return { code: status ?? -1, out, err }
    },
    redis: redis?.url ?? null,
    goingRun,
    async remove() {
      process.chdir(home.folder)
      process.env.PATH = home.path
      await redis?.remove()
      cli.remove()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Writes the files that the pages name. */
async function writeFiles(folder: string): Promise<void> {
  const sample = await testStore(symbols.length, '2026-01-02', '2026-04-30')
  const renamed = `case symbol ${sample.symbols.map((name, at) => `when '${name}' then '${symbols[at]}'`).join(' ')} end as symbol`
  const write = async (file: string, sql: string) => {
    const { code, err } = await sample.dgas('query', sql, '--output', join(folder, file))
    if (code !== 0) throw new Error(err)
  }
  await write('bars.parquet', `select ${renamed}, bar_at, open, high, low, close, volume from bars where timeframe = '30m'`)
  await write('daily.csv', `select ${renamed}, session_date as date, open, high, low, close, volume from bars where timeframe = '1d'`)
  await write('kurse.csv', `
    select 'AAPL' as symbol, strftime(session_date, '%d.%m.%Y') as date, ${['open', 'high', 'low', 'close'].map((name) => `replace(${name}::varchar, '.', ',') as ${name}`).join(', ')}
    from bars where timeframe = '1d' and symbol = (select min(symbol) from bars)`)
  await write('aapl.csv', `
    select timezone('America/New_York', timezone('UTC', bar_at)) as time, open, high, low, close, volume
    from bars where timeframe = '30m' and symbol = '${sample.symbols[0]}'`)
  sample.remove()
  const files = {
    'instruments.csv': `symbol,name,exchange,sector\n${symbols.map((name) => `${name},${name},XNYS,${name === 'XOM' ? 'Energy' : 'Other'}\n`).join('')}`,
    'splits_and_dividends.csv': 'symbol,ex_date,kind,value\nAAPL,2026-02-06,dividend,0.26\nMSFT,2026-03-02,split,2\n',
    'watchlist.csv': 'symbol\nAAPL\nXIDS\n',
    'dip.sql': /^```sql\n([\s\S]*?)^```$/m.exec(pageText('README.md'))![1],
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

/** Makes the runs that the pages name. */
async function writeRuns(dgas: Room['dgas']): Promise<void> {
  for (const line of [
    'dgas import bars.parquet --timeframe 30m',
    'dgas import --instruments instruments.csv',
    ...['earlier', 'first', 'second', 'nightly'].map((id) => `dgas backtest --strategy pldot_cross --run-id ${id}`),
    'dgas backtest --strategy envelope_fade',
  ]) {
    const { code, err } = await dgas(line)
    if (code !== 0) throw new Error(`${line}: ${err}`)
  }
}

function goingRun(): () => void {
  const folder = 'data/runs/going'
  const [owner, now] = [{ pid: 1, host: 'elsewhere' }, new Date().toISOString()]
  const record = (status: string) => writeFileSync(join(folder, 'run.json'), JSON.stringify({ run_id: 'going', status, started_at: now }, null, 2))
  mkdirSync(folder)
  record('running')
  writeFileSync(join(folder, 'run.lock'), JSON.stringify({ ...owner, since: now, token: 'going' }))
  const progress = { symbols: 5, symbolsDone: 2, bars: 5000, barsDone: 2000, elapsedMs: 1000, memoryBytes: 3e8, failures: 0 }
  writeFileSync(join(folder, 'progress.json'), JSON.stringify({ ...progress, ...owner, heartbeat_at: now }))
  const timer = setTimeout(() => record('completed'), 600)
  return () => {
    clearTimeout(timer)
    rmSync(folder, { recursive: true })
  }
}
