import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtCli, type BuiltCli } from './built.js'

/** Prints of each file of the bundle whether its compiled code was taken. */
const watching = `
const vm = require('node:vm')
const { Script } = vm
vm.Script = class extends Script {
  constructor(text, options) {
    super(text, options)
    const became = options.cachedData === undefined ? 'none' : this.cachedDataRejected ? 'rejected' : 'taken'
    process.stderr.write(require('node:path').basename(options.filename) + ' ' + became + '\\n')
  }
}
require('node:module').syncBuiltinESMExports()
`

let cli: BuiltCli
let bundle: string
let folder: string
beforeAll(async () => {
  cli = await builtCli({ compiled: true })
  folder = dirname(cli.path)
  bundle = join(folder, 'bundle')
  writeFileSync(join(folder, 'watching.cjs'), watching)
  const rows = Array.from({ length: 20 }, (_, day) => `A,2026-03-${String(day + 1).padStart(2, '0')},10,${12 + day % 3},9,${10 + day % 2},100`)
  writeFileSync(join(folder, 'bars.csv'), ['symbol,date,open,high,low,close,volume', ...rows].join('\n'))
  run(['import', join(folder, 'bars.csv'), '--timeframe', '1d'])
})
afterAll(() => cli.remove())

/** What `dgas …` prints, and what became of the compiled code of the files that it loaded. */
function run(argv: readonly string[], ...flags: string[]): { out: string; code: Record<string, string> } {
  const command = [...flags, '-r', join(folder, 'watching.cjs'), cli.path, '--store', join(folder, 'store'), ...argv]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  // Node warns of what it calls an experiment
  expect(stderr).not.toContain('Warning')
  return { out: stdout, code: Object.fromEntries(stderr.split('\n').filter((line) => /\.cjs \w+$/.test(line)).map((line) => line.split(' '))) as Record<string, string> }
}

/** Does something while a file of the bundle is another one. */
function withFile<T>(name: string, content: string | Buffer, work: () => T): T {
  const file = join(bundle, name)
  renameSync(file, `${file}.kept`)
  try {
    writeFileSync(file, content)
    return work()
  } finally {
    renameSync(`${file}.kept`, file)
  }
}

const query = ['query', 'select 6 * 7 as answer', '--format', 'csv']

describe('the compiled code of the command line', () => {
  it('is taken for every file that a query and a backtest need', () => {
    const { out, code } = run(query)
    expect(out).toBe('answer\n42\n')
    expect(Object.keys(code)).toEqual(expect.arrayContaining(['cli.cjs', 'database.cjs', 'query.cjs']))
    expect(new Set(Object.values(code))).toEqual(new Set(['taken']))
    const backtest = run(['backtest', '--help'])
    expect(backtest.code).toMatchObject({ 'backtest2.cjs': 'taken' })
    expect(readdirSync(bundle)).toContain('backtest.cjs.code')
  })

  it('of another V8, or of one with other flags, is compiled anew', () => {
    const { out, code } = run(query, '--no-opt')
    expect(out).toBe('answer\n42\n')
    expect(code['database.cjs']).toBe('rejected')
  })

  it('of another text is not taken, however long that is', () => {
    const text = readFileSync(join(bundle, 'cli.cjs'), 'utf8')
    const changed = text.replace('rank symbols by signals', 'RANK SYMBOLS BY SIGNALS')
    expect([changed.length, changed]).toEqual([text.length, expect.not.stringMatching(/rank symbols by signals/)])
    const { out, code } = withFile('cli.cjs', changed, () => run(['--help']))
    expect(out).toContain('RANK SYMBOLS BY SIGNALS')
    expect(code['cli.cjs']).toBe('none')
  })

  it('that is cut off or garbled costs nothing but time', () => {
    const code = readFileSync(join(bundle, 'database.cjs.code'))
    const scratched = Buffer.from(code).fill(7, 200_000, 200_010)
    for (const broken of [Buffer.alloc(0), code.subarray(0, 3), code.subarray(0, 8), code.subarray(0, 100_000), scratched]) {
      const found = withFile('database.cjs.code', broken, () => run(query))
      expect([found.out, found.code['database.cjs']]).toEqual(['answer\n42\n', 'none'])
    }
  })

  it('loads packages that stay outside the bundle', () => {
    run(['chart', 'A', '--timeframe', '1d', '--output', join(folder, 'chart.svg')])
    expect(readFileSync(join(folder, 'chart.svg'), 'utf8')).toMatch(/^<svg /)
  })
})
