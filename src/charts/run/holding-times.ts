import { literal } from '../../database/quote.js'
import { counted } from '../../format.js'
import { histogram, type Bin } from '../histogram.js'
import type { RunChart } from '../run-chart.js'
import { roundWidth } from './bins.js'
import { readRunFacts } from './facts.js'
import { rangeNote, within } from './sessions.js'

/** How long positions were held, and what they earned. */
export const holdingTimes: RunChart = {
  name: 'holding_times',
  title: 'Holding times',
  description: 'How many trades were held for how many bars, won and lost, above what trades of that length returned on average.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const own = `from trades where run_id = ${literal(runId)} and ${within('exit_at::date', options)}`
    const [{ trades, median, longest, high }] = await database.rows<Record<'trades' | 'median' | 'longest' | 'high', number>>(`
      select count(*) as trades, median(bars_held) as median, max(bars_held) as longest, quantile_disc(bars_held, 0.995) as high ${own}`)
    if (trades === 0) return null
    const width = Math.max(1, Math.ceil(roundWidth(high / 60)))
    const last = Math.floor(high / width)
    const rows = await database.rows<{ bin: number; is_gain: boolean; count: number; mean: number }>(`
      with binned as (select least(bars_held // ${width}, ${last}) as bin, net_profit > 0 as is_gain, return_pct ${own})
      select
        bin,
        is_gain,
        count(*) as count,
        sum(sum(return_pct)) over (partition by bin) / sum(count(*)) over (partition by bin) as mean
      from binned group by bin, is_gain order by bin, is_gain desc`)
    const bins = rows.map(({ bin, is_gain, count, mean }, at): Bin => ({
      low: bin * width - (width === 1 ? 0.5 : 0),
      high: (bin + 1) * width - (width === 1 ? 0.5 : 0),
      part: is_gain ? 'winning trade' : 'losing trade',
      count,
      range: rangeText(bin * width, width, bin === last && longest >= (last + 1) * width),
      mean: rows.findIndex((row) => row.bin === bin) === at ? mean : null,
    }))
    return histogram({
      title: `${run.strategy}: holding times`,
      subtitle: [
        [`run ${run.run_id}`, counted(trades, 'trade'), `half of them at most ${counted(Math.ceil(median), 'bar')}, the longest ${counted(longest, 'bar')}`],
        longest >= (last + 1) * width ? ['the last bar holds all longer ones', rangeNote('closed', options)] : [rangeNote('closed', options)],
      ],
      bins,
      values: `Bars held (${run.timeframe})`,
      counted: 'Trades',
      ticks: width === 1 ? { values: wholeTicks(last) } : {},
      means: 'Mean return (%)',
      legend: ({ win, loss }) => [['winning trade', win], ['losing trade', loss]],
      options,
    })
  },
}

function rangeText(start: number, width: number, isOpen: boolean): string {
  if (isOpen) return `${start} or more`
  return width === 1 ? String(start) : `${start} to ${start + width - 1}`
}

/** Whole numbers from 1 up, at most fifteen of them. */
function wholeTicks(last: number): number[] {
  const step = Math.ceil(last / 15)
  return Array.from({ length: Math.floor((last - 1) / step) + 1 }, (_, at) => 1 + at * step)
}
