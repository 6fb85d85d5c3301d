import { literal } from '../../database/quote.js'
import { counted, decimal, signedPercent } from '../../format.js'
import { histogram } from '../histogram.js'
import type { RunChart, RunChartOptions } from '../run-chart.js'
import { readDistribution, type Distribution } from './bins.js'
import { readRunFacts } from './facts.js'
import { rangeNote, within } from './sessions.js'
import { symbolResultsSql } from './symbol-results.js'

/** How the results of trades are spread. */
export const tradeReturns: RunChart = {
  name: 'trade_returns',
  title: 'Distribution of trade results',
  description: 'How many trades had which return on the value of their entry, with the median and the mean.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const found = await readDistribution(database, tradesSql(runId, options), { gain: 'winning trade', loss: 'losing trade' })
    if (found === null) return null
    return histogram({
      title: `${run.strategy}: results of trades`,
      subtitle: [
        [`run ${run.run_id}`, counted(found.count, 'trade'), `${decimal(found.positive_pct, 1)} % won`],
        [...notes(found, 'trade'), rangeNote('closed', options)],
      ],
      bins: found.bins,
      values: 'Return of the trade (% of its entry value)',
      counted: 'Trades',
      legend: ({ win, loss }) => [['losing trade', loss], ['winning trade', win]],
      marks: marksOf(found),
      options,
    })
  },
}

/** How the returns of symbols are spread. */
export const symbolReturns: RunChart = {
  name: 'symbol_returns',
  title: 'Distribution of symbol returns',
  description: 'How many symbols had which return, with the median and the mean.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const sql = `select return_pct as value from (${symbolResultsSql(run, options)})`
    const found = await readDistribution(database, sql, { gain: 'gain', loss: 'loss' }, 50)
    if (found === null) return null
    const isShared = run.accounts === 'shared'
    return histogram({
      title: `${run.strategy}: returns of symbols`,
      subtitle: [
        [`run ${run.run_id}`, `${counted(found.count, 'symbol')}${isShared ? ' with trades' : ''}`, `${decimal(found.positive_pct, 1)} % gained`],
        [...notes(found, 'symbol'), rangeNote('sessions', options)],
      ],
      bins: found.bins,
      values: isShared ? 'Net profit of the symbol (% of the start capital)' : 'Return of the symbol (%)',
      counted: 'Symbols',
      legend: ({ win, loss }) => [['loss', loss], ['gain', win]],
      marks: marksOf(found),
      options,
    })
  },
}

function tradesSql(runId: string, options: RunChartOptions): string {
  return `select return_pct as value from trades where run_id = ${literal(runId)} and ${within('exit_at::date', options)}`
}

function notes({ least, greatest, outside }: Distribution, noun: string): string[] {
  const ends = `worst ${signedPercent(least)}, best ${signedPercent(greatest)}`
  return outside === 0 ? [ends] : [ends, `the outermost bars hold ${counted(outside, noun)} beyond them`]
}

/** The median, and the mean where its name would not touch that of the median. */
function marksOf({ median, mean, bins }: Distribution): { value: number; note: string }[] {
  const span = Math.max(...bins.map(({ high }) => high)) - Math.min(...bins.map(({ low }) => low))
  const [left, right] = median < mean ? [['median', median], ['mean', mean]] as const : [['mean', mean], ['median', median]] as const
  if (right[1] - left[1] > span * 0.14) return [left, right].map(([name, value]) => ({ value, note: `${name} ${signedPercent(value)}` }))
  return [
    { value: left[1], note: '' },
    { value: right[1], note: `median ${signedPercent(median)}, mean ${signedPercent(mean)}` },
  ]
}
