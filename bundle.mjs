// Puts the command line into few files, and what V8 compiles of them beside them; all else in dist is as the compiler writes it.
// Usage: node bundle.mjs [folder] [--uncompiled]
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'rolldown'

// packages that are many small files: loading them one by one takes longer than all of their code does
const bundled = /^(?:@duckdb\/node-api|commander|cli-progress|fastest-levenshtein|string-width|strip-ansi|ansi-regex|emoji-regex|is-fullwidth-code-point)(?:\/|$)/
const dir = resolve(import.meta.dirname, process.argv[2] ?? 'dist')

// what commands share would otherwise be cut into a file for each set of commands that share it: a backtest would read 46
const groups = [
  { name: 'start', test: /\/commander\/|\/src\/(?:errors|io|log|package-file|version|store\/files)\.ts$/, priority: 2 },
  { name: 'database', test: /\/@duckdb\/node-api\/|\/src\/(?:database|models|store)\//, priority: 1 },
  // of what a backtest needs, this is needed for its options
  { name: 'options', test: /\/src\/(?:backtest\/progress|simulation\/(?:bounds|rules))\.ts$/, priority: 1 },
  { name: 'backtest', test: /\/src\/(?:backtest|metrics|report|simulation|strategies)\/[^/]*$/ },
]

const common = {
  cwd: import.meta.dirname,
  platform: 'node',
  external: (id) => /^[\w@]/.test(id) && !bundled.test(id),
  // only warnings and errors are printed: the program of rolldown would list all files with their sizes
  logLevel: 'warn',
}
// names stay, for the stacks of errors; comments and blanks are read anew at every start
const minify = { compress: false, mangle: false, codegen: { removeWhitespace: true } }

/** What is outside the bundle is imported by the function that loads the bundle. */
const imports = {
  name: 'imports',
  renderChunk: (code) => ({ code: code.replaceAll(/\bimport\((?=["'`])/g, 'require.import('), map: null }),
}

// no file, and no compiled code, of an earlier build may remain
rmSync(join(dir, 'bundle'), { recursive: true, force: true })
await build({
  ...common,
  input: { cli: 'src/cli.ts' },
  plugins: [imports],
  output: {
    ...{ dir: join(dir, 'bundle'), format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
    ...{ codeSplitting: { groups }, sourcemap: true, minify },
  },
})
await build({ ...common, input: { cli: 'src/bin.ts' }, output: { dir, format: 'esm', sourcemap: true, minify } })
chmodSync(join(dir, 'cli.js'), 0o755)
if (!process.argv.includes('--uncompiled')) await compile()

/** Runs the commands over a few synthetic bars, so that what they need is compiled. */
async function compile() {
  const { main, writeCodeCache } = await import(pathToFileURL(join(dir, 'cli.js')).href)
  const folder = mkdtempSync(join(tmpdir(), 'dgas-bundle-'))
  const bars = join(folder, 'bars.csv')
  const run = async (...argv) => {
    const errors = []
    const io = {
      ...{ out: () => undefined, err: (text) => errors.push(text), input: async () => '', env: { DGAS_STORE: join(folder, 'store') } },
      ...{ now: () => new Date(), isTerminal: false, isErrorTerminal: false, columns: 120 },
    }
    if (await main(argv, io) !== 0) throw new Error(`dgas ${argv.join(' ')}:\n${errors.join('')}`)
  }
  try {
    // enough for geometry to be left by a run and read by the next one, in several batches
    writeFileSync(bars, syntheticBars(50, 80))
    await run('import', bars, '--timeframe', '30m')
    await run('scan')
    await run('query', 'select symbol, bar_at, close, pldot from geometry limit 5')
    await run('backtest', 'S0', 'S1', 'S2', '--strategy', 'envelope_fade', '--allow-short')
    for (let times = 0; times < 2; times++) await run('backtest', '--strategy', 'pldot_cross', '--batch-bars', '30000')
    await run('report')
    await run('runs')
    writeCodeCache()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Half-hour bars of the New York session, as CSV. */
function syntheticBars(symbols, days) {
  const lines = ['symbol,bar_at,open,high,low,close,volume']
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (let day = 0; day < days; day++) {
      const date = new Date(Date.UTC(2026, 0, 5) + (day + 2 * Math.floor(day / 5)) * 86_400_000).toISOString().slice(0, 10)
      for (let bar = 0; bar < 13; bar++) {
        const price = (at) => 50 + symbol + 5 * Math.sin(at / 40 + symbol) + Math.sin(at * 1.7)
        const [open, close] = [price(13 * day + bar), price(13 * day + bar + 1)]
        const [high, low] = [Math.max(open, close) + 0.3, Math.min(open, close) - 0.3]
        const minutes = 14 * 60 + 30 + 30 * bar
        const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
        lines.push([`S${symbol}`, `${date}T${time}:00Z`, ...[open, high, low, close].map((value) => value.toFixed(2)), 1000].join(','))
      }
    }
  }
  return lines.join('\n') + '\n'
}
