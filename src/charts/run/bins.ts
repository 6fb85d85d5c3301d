import type { Database } from '../../database/database.js'
import { decimal } from '../../format.js'
import type { Bin } from '../histogram.js'

/** What is known of the values of a distribution. */
export interface Distribution {
  count: number
  least: number
  median: number
  mean: number
  greatest: number
  /** In percent. */
  positive_pct: number
  bins: Bin[]
  /** Values outside of the bins between the outermost ones, which hold them. */
  outside: number
}

/**
 * Counts values in bins of a round width, about `wanted` of them over 99 % of the values; the outermost two take the rest, so that
 * a few outliers do not press all others together. Null when there is no value. `valuesSql` has the columns `value` and `part`.
 */
export async function readDistribution(
  database: Database,
  valuesSql: string,
  names: Record<'gain' | 'loss', string>,
  wanted = 60,
): Promise<Distribution | null> {
  const [sums] = await database.rows<Omit<Distribution, 'bins' | 'outside'> & { low: number; high: number }>(`
    select
      count(*) as count, min(value) as least, median(value) as median, avg(value) as mean, max(value) as greatest,
      100 * count(*) filter (value > 0) / count(*) as positive_pct,
      quantile_cont(value, 0.005) as low, quantile_cont(value, 0.995) as high
    from (${valuesSql}) where isfinite(value)`)
  if (sums.count === 0) return null
  const width = roundWidth((sums.high - sums.low) / wanted)
  const [first, last] = [Math.floor(sums.low / width), Math.floor(sums.high / width)]
  const rows = await database.rows<{ bin: number; is_gain: boolean; count: number; outside: number }>(`
    select
      least(greatest(floor(value / ${width}), ${first}), ${last}) as bin,
      value > 0 as is_gain,
      count(*) as count,
      count(*) filter (floor(value / ${width}) not between ${first} and ${last}) as outside
    from (${valuesSql}) where isfinite(value) group by all order by all`)
  const outside = rows.reduce((sum, row) => sum + row.outside, 0)
  const bins = rows.map(({ bin, is_gain, count }) => {
    const [low, high] = [bin * width, (bin + 1) * width].map((value) => Number(value.toPrecision(12)))
    return { low, high, part: is_gain ? names.gain : names.loss, count, range: rangeOf(bin) }

    function rangeOf(at: number): string {
      if (outside > 0 && at === first) return `below ${text(high)}`
      if (outside > 0 && at === last) return `from ${text(low)}`
      return `${text(low)} to ${text(high)}`
    }
  })
  return { ...sums, bins, outside }
}

function text(value: number): string {
  return decimal(value, Math.abs(value) < 10 ? 2 : 1)
}

/** Returns 1, 2, 2.5 or 5 times a power of ten, the least one that is not below `width`; 1 for no width. */
export function roundWidth(width: number): number {
  if (!(width > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(width))
  return power * ([1, 2, 2.5, 5].find((times) => times * power >= width * (1 - 1e-9)) ?? 10)
}
