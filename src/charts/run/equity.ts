import type { Database } from '../../database/database.js'
import { literal } from '../../database/quote.js'
import type { Comparison } from '../equity-rows.js'
import { equityChart } from '../equity.js'
import type { RunChart } from '../run-chart.js'
import { readCurve, type Curve } from './curve.js'
import { readRunFacts } from './facts.js'

/** Equity of all accounts together above its drawdown. */
export const equity: RunChart = {
  name: 'equity',
  title: 'Equity and drawdown',
  description: 'Equity of all accounts together at the close of each session, beside the same capital in all symbols, held, and ' +
    'in the benchmark, above how far it lies below its highest close so far.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const curve = await readCurve(database, run, options)
    if (curve === null) return null
    const { accounts, start, rows } = curve
    const comparisons = await readComparisons(database, runId, curve)
    return equityChart({ run, accounts, capital: start, rows, comparisons, options })
  },
}

interface GrowthRow {
  benchmark: string
  session_date: number
  growth: number
}

/** What the capital at the start of a curve would have become in each benchmark of the run. */
async function readComparisons(database: Database, runId: string, { start, rows }: Curve): Promise<Comparison[]> {
  const growth = await database.rows<GrowthRow>(`
    select benchmark, epoch_ms(session_date::timestamp) as session_date, growth
    from benchmarks where run_id = ${literal(runId)}
    order by benchmark <> 'buy_and_hold', benchmark, benchmarks.session_date`)
  const names = [...new Set(growth.map(({ benchmark }) => benchmark))]
  return names.map((name) => {
    const own = growth.filter(({ benchmark }) => benchmark === name)
    const bySession = new Map(own.map((row) => [row.session_date, row.growth]))
    const before = own.findLast(({ session_date }) => session_date < rows[0].session_date)?.growth ?? 1
    const values = rows.map(({ session_date }) => {
      const value = bySession.get(session_date)
      return value === undefined ? null : (start * value) / before
    })
    return { name: name === 'buy_and_hold' ? 'all symbols held' : name, values }
  })
}
