import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../src/database/database.js'
import { storedSymbols } from '../../src/store/layout.js'
import { writeSample } from '../../src/store/sample.js'
import { run, type Outcome } from '../cli/run.js'

/** A store of a few synthetic symbols, in a folder of its own. */
export interface TestStore {
  folder: string
  symbols: string[]
  /** Runs `dgas --store … <command>`. */
  dgas: (...argv: string[]) => Promise<Outcome>
  /** Runs a backtest that must succeed and returns the run's id. */
  backtest: (...argv: string[]) => Promise<string>
  /** Returns the rows of a query. */
  rows: (sql: string) => Promise<Record<string, unknown>[]>
  /** Writes a file and returns its path. */
  file: (name: string, text: string) => string
  remove: () => void
}

/** Makes a store of `symbols` synthetic symbols over some weeks of 2026; of none, one that takes imports. */
export async function testStore(symbols = 6, from = '2026-01-02', to = '2026-02-13'): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), 'dgas-test-'))
  const database = await openDatabase({ threads: 2 })
  if (symbols > 0) await writeSample(database, folder, { symbols, from, to })
  database.close()
  const dgas = (...argv: string[]) => run(['--store', folder, ...argv])
  return {
    folder,
    symbols: storedSymbols({ folder, isSample: true }, '30m'),
    dgas,
    async backtest(...argv) {
      const { code, out, err } = await dgas('backtest', ...argv)
      if (code !== 0) throw new Error(err)
      return out.trimEnd().split('\n').at(-1)!
    },
    async rows(sql) {
      const { code, out, err } = await dgas('query', sql, '--format', 'json')
      if (code !== 0) throw new Error(err)
      return JSON.parse(out) as Record<string, unknown>[]
    },
    file(name, text) {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
