// Prints what a whole process of `dgas backtest` and of `dgas scan` takes beside the floor: a process that opens the store,
// reads all bars and computes the PLdot in one window pass. A backtest reads the geometry that an import or an earlier one has left in the
// store; "first" is one that computes and leaves it, as after dgas import --no-prepare, "no cache" one that computes and leaves nothing.
// agreeing_runs, a strategy of runs in two timeframes, stands between a single dot and the whole geometry. Of the real file the import is
// measured too, with the geometry and without. Usage: npm run bench [-- ROUNDS], for large universes and little memory
// npm run bench -- scale [ROUNDS], for workers of a queue npm run bench -- queue [ROUNDS]
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from '../dist/cli.js'
import { openDatabase } from '../dist/database/database.js'
import { alignedTable } from '../dist/format.js'
import { storedSymbols } from '../dist/store/layout.js'
import { writeSample } from '../dist/store/sample.js'
import { measureOnce, measureRounds } from './measure.mjs'

if (['scale', 'queue'].includes(process.argv[2])) {
  await import(`./${process.argv[2]}.mjs`)
  process.exit()
}

const rounds = Number(process.argv[2] ?? 5)
const root = fileURLToPath(new URL('..', import.meta.url))
const floor = join(root, 'bench/floor.mjs')
const cli = join(root, 'dist/cli.js')
const strategies = ['pldot_cross', 'multi_timeframe']
const agreeing = join(root, 'bench/agreeing_runs.sql')

const folder = mkdtempSync(join(tmpdir(), 'dgas-bench-'))
try {
  await benchStore('sample store', await sampleStore())
  const real = join(root, '../shared/data/sp500_30m_2026.parquet')
  if (existsSync(real)) await benchStore('sp500_30m_2026', await importedStore(real), importCases(real))
} finally {
  rmSync(folder, { recursive: true })
}

async function sampleStore() {
  const store = join(folder, 'sample')
  const database = await openDatabase()
  await writeSample(database, store)
  database.close()
  return store
}

async function importedStore(file) {
  const store = join(folder, 'imported')
  const code = await main(['--store', store, '--quiet', 'import', file, '--timeframe', '30m', '--no-prepare'])
  if (code !== 0) throw new Error(`the import of ${file} failed`)
  return store
}

function importCases(file) {
  const store = join(folder, 'import')
  const before = () => rmSync(store, { recursive: true, force: true })
  const args = ['--store', store, '--quiet', 'import', file, '--timeframe', '30m']
  return [{ kind: 'import', args }, { kind: 'import --no-prepare', args: [...args, '--no-prepare'] }].map((entry) => ({ ...entry, before }))
}

/** Measures the floor and every strategy on growing parts of a store, turn and turn about. */
async function benchStore(name, store, others = []) {
  const all = storedSymbols({ folder: store, isSample: false }, '30m')
  const sizes = [65, 130, 260, all.length]
  // what is read by the first round is there
  for (const strategy of strategies) measureOnce(cli, ['--store', store, 'backtest', '--quiet', '--strategy', strategy])
  const cases = [
    ...[1, ...sizes].flatMap((size) => casesOf(store, all, size)),
    ...others.map((entry) => ({ name: entry.kind, size: all.length, script: cli, ...entry })),
  ]
  const measured = measureRounds(cases, rounds)
  const start = Object.fromEntries(measured.filter(({ size }) => size === 1).map(({ kind, wallMs }) => [kind, wallMs]))
  const bars = Object.fromEntries(await barCounts(store, all, sizes))
  const floors = Object.fromEntries(measured.filter(({ kind }) => kind === 'floor').map(({ size, wallMs }) => [size, wallMs]))
  const rows = measured.filter(({ size }) => size > 1).map(({ kind, size, wallMs, cpuMs, peakBytes }) => [
    kind,
    String(size),
    bars[size].toLocaleString('en-US'),
    `${(wallMs / 1000).toFixed(2)} s`,
    `${(cpuMs / 1000).toFixed(2)} s`,
    `${Math.round(peakBytes / 1e6)} MB`,
    Math.round(bars[size] / (wallMs / 1000)).toLocaleString('en-US'),
    kind in start ? `${(((wallMs - start[kind]) * 1e6) / bars[size]).toFixed(0)} ns` : '–',
    (wallMs / floors[size]).toFixed(2),
  ])
  const columns = ['process', 'symbols', 'bars', 'wall', 'CPU', 'peak', 'bars/s', 'per bar', '× floor']
  console.log(`\n${name}: medians of ${rounds}; "per bar" without the time of one symbol\n`)
  console.log(alignedTable(columns.map((column, index) => ({ name: column, isNumber: index > 0 })), rows))
}

function casesOf(store, all, size) {
  const universe = join(folder, `first-${size}.csv`)
  writeFileSync(universe, `symbol\n${all.slice(0, size).join('\n')}\n`)
  const backtest = (strategy) => ['--store', store, 'backtest', '--quiet', '--universe', universe, '--strategy', strategy]
  return [
    { name: `floor ${size}`, kind: 'floor', size, script: floor, args: [store, '30m', String(size)] },
    ...strategies.flatMap((strategy) => [
      ...(size === all.length ? [firstCase(store, strategy)] : []),
      { kind: strategy, args: backtest(strategy) },
      { kind: `${strategy}, no cache`, args: [...backtest(strategy), '--no-cache'] },
    ]).map((entry) => ({ name: `${entry.kind} ${size}`, size, script: cli, ...entry })),
    ...(size === all.length ? [{
      ...{ name: `agreeing ${size}`, kind: 'agreeing_runs, no cache', size, script: cli },
      args: [...backtest(agreeing), '--higher', '1d', '--no-cache'],
    }] : []),
    { name: `scan ${size}`, kind: 'scan', size, script: cli, args: ['--store', store, '--quiet', 'scan', '--universe', universe] },
  ]
}

/** A run over all symbols of a copy of the store, of which nothing is computed yet. */
function firstCase(store, strategy) {
  const before = () => {
    rmSync(join(folder, 'copy'), { recursive: true, force: true })
    cpSync(join(store, 'bars'), join(folder, 'copy/bars'), { recursive: true })
  }
  return { kind: `${strategy}, first`, before, args: ['--store', join(folder, 'copy'), 'backtest', '--quiet', '--strategy', strategy] }
}

async function barCounts(store, all, sizes) {
  const database = await openDatabase()
  const { barFiles } = await import('../dist/store/layout.js')
  const files = barFiles({ folder: store, isSample: false }, '30m').map((file) => `'${file}'`).join(', ')
  const counts = await database.rows(`select symbol, count(*) as bars from read_parquet([${files}]) group by symbol`)
  database.close()
  const bySymbol = new Map(counts.map(({ symbol, bars }) => [symbol, bars]))
  return sizes.map((size) => [size, all.slice(0, size).reduce((sum, symbol) => sum + bySymbol.get(symbol), 0)])
}
