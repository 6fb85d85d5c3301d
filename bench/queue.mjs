// Prints what three workers on this machine take for a run by a queue beside one process, and what the queue costs for each
// batch. The workers are there before the clock starts. Usage: npm run bench -- queue [ROUNDS]
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from '../dist/cli.js'
import { openDatabase } from '../dist/database/database.js'
import { alignedTable } from '../dist/format.js'
import { writeSample } from '../dist/store/sample.js'
import { median } from './measure.mjs'

const rounds = Number(process.argv[3] ?? 5)
const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'dist/cli.js')
const strategies = ['pldot_cross', 'multi_timeframe']
const workerCount = 3

if (spawnSync('redis-server', ['--version']).status !== 0) throw new Error('redis-server is not installed')
const folder = mkdtempSync(join(tmpdir(), 'dgas-bench-queue-'))
const children = []
try {
  await benchQueue()
} finally {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
}

async function benchQueue() {
  const [name, store] = await filledStore()
  const url = await startRedis()
  const logs = Array.from({ length: workerCount }, (_, index) => join(folder, `worker-${index}.jsonl`))
  const workers = await Promise.all(logs.map((log) => startWorker(store, url, log)))
  const samples = []
  for (let round = 0; round < rounds; round++) {
    for (const strategy of strategies) {
      const argv = ['--store', store, 'backtest', '--quiet', '--strategy', strategy]
      const alone = await timed(argv)
      const before = workers.reduce((sum, { pid }) => sum + cpuMs(pid), 0)
      const queued = await timed([...argv, '--queue', url])
      const workersCpuMs = workers.reduce((sum, { pid }) => sum + cpuMs(pid), 0) - before
      samples.push({ strategy, alone, queued: { ...queued, cpuMs: queued.cpuMs + workersCpuMs } })
    }
  }
  // of the usual batches there are too few
  await timed(['--store', store, 'backtest', '--quiet', '--strategy', 'pldot_cross', '--batch-bars', '10000', '--queue', url])
  const rows = strategies.map((strategy) => row(strategy, samples.filter((sample) => sample.strategy === strategy)))
  const columns = ['strategy', 'one process', 'CPU', 'three workers', 'CPU', '× wall', '× CPU']
  console.log(`\n${name}: medians of ${rounds}; the three workers run already\n`)
  console.log(alignedTable(columns.map((column, index) => ({ name: column, isNumber: index > 0 })), rows))
  const costs = logs.flatMap(pausesBetweenBatches)
  console.log(`from the end of a batch to the beginning of the next, for one worker: ${median(costs).toFixed(1)} ms (median of ${costs.length})`)
}

/** The real bars if they are there, else synthetic ones. */
async function filledStore() {
  const store = join(folder, 'store')
  const real = join(root, '../shared/data/sp500_30m_2026.parquet')
  if (existsSync(real)) {
    const code = await main(['--store', store, '--quiet', 'import', real, '--timeframe', '30m'])
    if (code !== 0) throw new Error(`the import of ${real} failed`)
    return ['sp500_30m_2026', store]
  }
  const database = await openDatabase()
  await writeSample(database, store)
  database.close()
  return ['sample store', store]
}

async function startRedis() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  const redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''])
  children.push(redis)
  await printed(redis.stdout, 'eady to accept')
  return `redis://127.0.0.1:${port}`
}

async function startWorker(store, url, log) {
  const worker = spawn(process.execPath, [cli, '--store', store, '--log-file', log, 'worker', '--queue', url])
  children.push(worker)
  await printed(worker.stderr, 'taking batches')
  return worker
}

/** Waits until a stream has shown a text, and goes on reading it: a process whose output nobody reads would end. */
function printed(stream, text) {
  return new Promise((resolve) => {
    stream.on('data', (data) => {
      if (String(data).includes(text)) resolve()
    })
  })
}

/** Runs dgas without blocking this process, which reads what the workers print. */
async function timed(argv) {
  const usage = join(folder, 'usage.json')
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', join(root, 'bench/usage-hook.mjs'), cli, ...argv], {
    env: { ...process.env, BENCH_USAGE: usage },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}`)
  return { wallMs: performance.now() - started, cpuMs: JSON.parse(readFileSync(usage, 'utf8')).cpuMs }
}

/** Processor time that a process has used so far; Linux counts it in hundredths of a second. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function row(strategy, samples) {
  const middle = (of) => median(samples.map(of))
  const [alone, queued] = [middle(({ alone }) => alone.wallMs), middle(({ queued }) => queued.wallMs)]
  const [aloneCpu, queuedCpu] = [middle(({ alone }) => alone.cpuMs), middle(({ queued }) => queued.cpuMs)]
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`
  return [
    ...[strategy, seconds(alone), seconds(aloneCpu), seconds(queued), seconds(queuedCpu)],
    ...[(queued / alone).toFixed(2), (queuedCpu / aloneCpu).toFixed(2)],
  ]
}

/** Milliseconds from the end of a batch to the beginning of the next one of the same run, by the log of a worker. */
function pausesBetweenBatches(log) {
  const events = readFileSync(log, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
  return events.flatMap((event, index) => {
    const next = events[index + 1]
    const isNext = event.event === 'batch' && next?.event === 'job begun' && next.batch !== null && next.run === event.run_id
    return isNext ? [Date.parse(next.time) - Date.parse(event.time)] : []
  })
}
