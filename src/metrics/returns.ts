/**
 * Returns the return of each session, as a share: equity at its close ÷ that of the session before, the first ÷ `capital`.
 * After an equity of 0 or less no return is defined: NaN.
 */
export function dailyReturns(equity: ArrayLike<number>, capital: number): Float64Array {
  const returns = new Float64Array(equity.length)
  for (let i = 0; i < equity.length; i++) {
    const before = i === 0 ? capital : equity[i - 1]
    returns[i] = before > 0 ? equity[i] / before - 1 : NaN
  }
  return returns
}

/** A month or a year of a curve. */
export interface PeriodReturn {
  /** The first day of the month or year, in days since 1970, whether it is a session or not. */
  start: number
  return_pct: number
}

/**
 * Returns the return of each calendar month, or year, of a curve that starts with `capital`: equity at its last session ÷ that
 * at the last session of the period before. The first and the last may be incomplete; periods without a session are left out.
 */
export function periodReturns(
  dates: ArrayLike<number>,
  equity: ArrayLike<number>,
  capital: number,
  period: 'month' | 'year',
): PeriodReturn[] {
  const returns: PeriodReturn[] = []
  let before = capital
  for (let i = 0; i < dates.length; i++) {
    const [start, next] = periodOf(dates[i], period)
    while (i + 1 < dates.length && dates[i + 1] < next) i++
    returns.push({ start, return_pct: before > 0 ? (equity[i] / before - 1) * 100 : NaN })
    before = equity[i]
  }
  return returns
}

const dayMs = 86_400_000

/** The first day of the period of a date, and of the next period. */
function periodOf(date: number, period: 'month' | 'year'): [start: number, next: number] {
  const day = new Date(date * dayMs)
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()]
  const ends = period === 'month' ? [Date.UTC(year, month), Date.UTC(year, month + 1)] : [Date.UTC(year, 0), Date.UTC(year + 1, 0)]
  return [ends[0] / dayMs, ends[1] / dayMs]
}
