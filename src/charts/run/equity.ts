import { equityChart } from '../equity.js'
import type { RunChart } from '../run-chart.js'
import { readCurve } from './curve.js'
import { readRunFacts } from './facts.js'

/** Equity of all accounts together above its drawdown. */
export const equity: RunChart = {
  name: 'equity',
  title: 'Equity and drawdown',
  description: 'Equity of all accounts together at the close of each session, above how far it lies below its highest close so far.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const curve = await readCurve(database, run, options)
    if (curve === null) return null
    const { accounts, start, rows } = curve
    return equityChart({ run, accounts, capital: start, rows, options })
  },
}
