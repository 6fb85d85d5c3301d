/** Strategies that look ahead, each in a way of its own. */
export const peeking: Readonly<Record<string, string>> = {
  next_close: `
    select symbol, bar_at, if(lead(close) over (partition by symbol order by bar_at) > close, 1, 0) as entry
    from bars where timeframe = $timeframe`,

  next_close_guessed: `
    select symbol, bar_at, 1 as entry
    from bars where timeframe = $timeframe
    qualify coalesce(lead(close) over (partition by symbol order by bar_at) > close, true) and hour(bar_at) = 17`,

  day_before_its_end: `
    select focus.symbol, focus.bar_at, if(days.close > focus.close, 1, -1) as entry
    from bars as focus
    join bars as days on days.symbol = focus.symbol and days.session_date = focus.session_date
    where focus.timeframe = $timeframe and days.timeframe = '1d'`,

  week_before_its_end: `
    select focus.symbol, focus.bar_at, 1 as entry, weeks.high as target_price
    from bars as focus
    join bars as weeks
      on weeks.symbol = focus.symbol and date_trunc('week', weeks.session_date) = date_trunc('week', focus.session_date)
    where focus.timeframe = $timeframe and weeks.timeframe = '1w'`,

  day_geometry_before_its_end: `
    select focus.symbol, focus.bar_at, 1 as entry, days.pldot_next as stop_price
    from bars as focus
    join geometry as days on days.symbol = focus.symbol and days.bar_at = focus.session_date::timestamp
    where focus.timeframe = $timeframe and days.timeframe = '1d'`,

  highest_of_all: `
    select symbol, bar_at, 1 as entry, max(high) over (partition by symbol) as target_price
    from bars where timeframe = $timeframe`,

  mean_of_all: `
    with means as (select symbol, avg(close) as mean from bars where timeframe = $timeframe group by symbol)
    select symbol, bar_at, 1 as entry, close / mean as score
    from bars join means using (symbol) where timeframe = $timeframe`,

  rank_of_all: `
    select symbol, bar_at, 1 as entry, percent_rank() over (order by close) as score
    from bars where timeframe = $timeframe`,

  later_subquery: `
    select symbol, bar_at, 1 as entry, (
      select min(later.low) from bars as later
      where later.timeframe = $timeframe and later.symbol = bars.symbol and later.bar_at > bars.bar_at
    ) as stop_price
    from bars where timeframe = $timeframe`,

  later_join: `
    select earlier.symbol, earlier.bar_at, 1 as entry, later.close as limit_price
    from bars as earlier
    join bars as later on later.symbol = earlier.symbol and later.bar_at = earlier.bar_at + interval 1 hour
    where earlier.timeframe = $timeframe and later.timeframe = $timeframe`,

  last_of_all: `
    select symbol, bar_at, 1 as entry, last_value(close) over (
      partition by symbol order by bar_at rows between unbounded preceding and unbounded following) as target_price
    from bars where timeframe = $timeframe`,

  bars_of_all: `
    select symbol, bar_at, if(count(*) over (partition by symbol) > 300, 1, 0) as entry
    from bars where timeframe = $timeframe`,

  centred_mean: `
    select symbol, bar_at, 1 as entry, avg(close) over (
      partition by symbol order by bar_at rows between 2 preceding and 2 following) as limit_price
    from bars where timeframe = $timeframe`,

  last_bar_of_session: `
    select symbol, bar_at, true as exit_long
    from bars where timeframe = $timeframe
    qualify lead(session_date) over (partition by symbol order by bar_at) is distinct from session_date`,

  signal_moved_back: `
    select symbol, lag(bar_at) over (partition by symbol order by bar_at) as bar_at, side as entry
    from geometry where timeframe = $timeframe
    qualify side <> 0 and lag(bar_at) over (partition by symbol order by bar_at) is not null`,

  rare_pattern_confirmed_later: `
    select symbol, bar_at, 1 as entry
    from bars where timeframe = $timeframe
    qualify close > max(high) over (partition by symbol order by bar_at rows between 60 preceding and 1 preceding)
      and lead(low) over (partition by symbol order by bar_at) > open`,
}

/** Strategies that look like those above and do not look ahead. */
export const honest: Readonly<Record<string, string>> = {
  previous_close: `
    select symbol, bar_at, if(close > lag(close) over (partition by symbol order by bar_at), 1, 0) as entry
    from bars where timeframe = $timeframe`,

  day_after_its_end: `
    select focus.symbol, focus.bar_at, if(days.close > focus.close, 1, -1) as entry, days.high as target_price
    from (from bars where timeframe = $timeframe) as focus
    asof join (from bars where timeframe = '1d') as days
      on days.symbol = focus.symbol and days.closed_at <= focus.bar_at`,

  highest_so_far: `
    select symbol, bar_at, 1 as entry, max(high) over (partition by symbol order by bar_at) as target_price
    from bars where timeframe = $timeframe`,

  rank_of_the_moment: `
    select symbol, bar_at, 1 as entry, percent_rank() over (partition by bar_at order by close) as score
    from bars where timeframe = $timeframe`,

  mean_of_past: `
    select symbol, bar_at, 1 as entry, avg(close) over (
      partition by symbol order by bar_at rows between 99 preceding and current row) as limit_price
    from bars where timeframe = $timeframe`,

  sector_of_instruments: `
    select symbol, bar_at, 1 as entry, sector as reason
    from bars join instruments using (symbol) where timeframe = $timeframe`,
}
