// Prints how time for each bar and peak memory grow with the number of bars and symbols, with and without --memory 500MB.
// Usage: npm run bench -- scale [ROUNDS]
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from '../dist/cli.js'
import { openDatabase } from '../dist/database/database.js'
import { alignedTable } from '../dist/format.js'
import { storedSymbols } from '../dist/store/layout.js'
import { writeSample } from '../dist/store/sample.js'
import { measureRounds } from './measure.mjs'

const rounds = Number(process.argv[3] ?? 3)
const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'dist/cli.js')
const strategies = ['pldot_cross', 'multi_timeframe']
const limited = ['--memory', '500MB']

const folder = mkdtempSync(join(tmpdir(), 'dgas-scale-'))
try {
  await benchTimeframes()
  await benchSymbols()
} finally {
  rmSync(folder, { recursive: true })
}

/** Five-minute bars beside the thirty-minute bars of the same symbols and months. */
async function benchTimeframes() {
  const files = ['30m', '5m'].map((timeframe) => [timeframe, join(root, `../shared/data/sp500_${timeframe}_2026.parquet`)])
  if (!files.every(([, file]) => existsSync(file))) {
    console.log('sp500_5m_2026 and sp500_30m_2026 are not there: skipped')
    return
  }
  const cases = []
  for (const [timeframe, file] of files) {
    const store = join(folder, timeframe)
    const code = await main(['--store', store, '--quiet', 'import', file, '--timeframe', timeframe])
    if (code !== 0) throw new Error(`the import of ${file} failed`)
    for (const strategy of strategies) {
      for (const memory of [[], limited]) cases.push(backtest(store, strategy, memory, { bars: `sp500 ${timeframe}` }))
    }
  }
  print('Five-minute bars beside thirty-minute bars', measured(cases))
}

/** Growing parts of 5,000 synthetic symbols over six months. */
async function benchSymbols() {
  const store = join(folder, 'synthetic')
  const database = await openDatabase()
  await writeSample(database, store, { symbols: 5000 })
  database.close()
  const all = storedSymbols({ folder: store, isSample: false }, '30m')
  const cases = [500, 1000, all.length].flatMap((size) => {
    const universe = join(folder, `first-${size}.csv`)
    writeFileSync(universe, `symbol\n${all.slice(0, size).join('\n')}\n`)
    return [[], limited].map((memory) => backtest(store, 'pldot_cross', ['--universe', universe, ...memory], { bars: `${size} symbols` }))
  })
  print('Synthetic symbols, six months of 30m', measured(cases))
}

function backtest(store, strategy, options, labels) {
  const memory = options.includes('--memory') ? '500MB' : '–'
  const name = `${labels.bars} ${strategy} ${memory}`
  return { name, ...labels, strategy, memory, store, script: cli, args: ['--store', store, 'backtest', '--quiet', '--strategy', strategy, ...options] }
}

/** Measures cases in turn and adds how many bars and trades each run had, and what its trades take on disk. */
function measured(cases) {
  const results = measureRounds(cases, rounds)
  return results.map((result) => ({ ...result, ...figures(result) }))
}

/** The bars and trades of the run that a case made last, whose id is the last line that it printed. */
function figures({ store, stdout }) {
  const id = stdout.trim().split('\n').at(-1)
  const run = JSON.parse(readFileSync(join(store, 'runs', id, 'run.json'), 'utf8'))
  const trades = join(store, 'runs', id, 'trades')
  const tradeBytes = readdirSync(trades).reduce((sum, file) => sum + statSync(join(trades, file)).size, 0)
  return { barCount: run.bars, trades: run.trades, tradeBytes }
}

function print(title, rows) {
  const columns = ['bars', 'strategy', '--memory', 'number of bars', 'wall', 'CPU', 'wall per bar', 'CPU per bar', 'peak', 'trades', 'bytes a trade']
  const cells = rows.map(({ bars, strategy, memory, barCount, wallMs, cpuMs, peakBytes, trades, tradeBytes }) => [
    ...[bars, strategy, memory, barCount.toLocaleString('en-US')],
    ...[`${(wallMs / 1000).toFixed(2)} s`, `${(cpuMs / 1000).toFixed(2)} s`],
    ...[`${((wallMs * 1e6) / barCount).toFixed(0)} ns`, `${((cpuMs * 1e6) / barCount).toFixed(0)} ns`],
    ...[`${Math.round(peakBytes / 1e6)} MB`, trades.toLocaleString('en-US'), (tradeBytes / trades).toFixed(0)],
  ])
  console.log(`\n${title}: medians of ${rounds}\n`)
  console.log(alignedTable(columns.map((name, index) => ({ name, isNumber: index > 2 })), cells))
}
