// Prints what `dgas query "select count(*) from bars"` takes beside a bare DuckDB process that counts the same files.
// Usage: npm run build && node bench/query.mjs STORE [ROUNDS]
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { alignedTable } from '../dist/format.js'
import { measureRounds } from './measure.mjs'

const [store, rounds] = process.argv.slice(2)
const root = fileURLToPath(new URL('..', import.meta.url))
const cases = [
  { name: 'bare DuckDB', script: join(root, 'bench/query-floor.mjs'), args: [store] },
  { name: 'dgas query', script: join(root, 'dist/cli.js'), args: ['--store', store, 'query', 'select count(*) from bars'] },
]
const measured = measureRounds(cases, Number(rounds ?? 9))
const columns = ['process', 'wall', 'processor', '× bare', 'peak memory'].map((name, index) => ({ name, isNumber: index > 0 }))
const rows = measured.map(({ name, wallMs, cpuMs, peakBytes }) => {
  const ratio = (wallMs / measured[0].wallMs).toFixed(2)
  return [name, `${Math.round(wallMs)} ms`, `${Math.round(cpuMs)} ms`, ratio, `${Math.round(peakBytes / 1e6)} MB`]
})
console.log(alignedTable(columns, rows))
