-- grain: one row per synthetic symbol and 30-minute bar of the sessions from $from to $to
-- Log prices are whole numbers of 1e-9, so that sums are exact in every order; noise is MD5 of what it belongs to.
with instruments as (
  select * from sample_instruments
),

levels as (
  select * from sample_levels
),

-- ten sessions earlier than asked for: the volatility of a session depends on the shocks of those before it
session_days as (
  select
    day::date as session_date,
    (day + to_minutes(570)) at time zone 'America/New_York' at time zone 'UTC' as opens_at
  from range($from::date - 14, $to::date + 1, interval 1 day) days(day)
  where isodow(day) <= 5 and not list_contains($holidays::date[], day::date)
),

symbol_shocks as (
  select
    instruments.number,
    instruments.sector_number,
    instruments.symbol,
    session_days.session_date,
    session_days.opens_at,
    md5_number_lower(concat_ws('|', 'symbol', number)) as symbol_noise,
    md5_number_lower(concat_ws('|', 'month', number, strftime(session_date, '%Y-%m'))) as month_noise,
    md5_number_lower(concat_ws('|', 'gap', number, session_date)) as gap_noise,
    greatest((md5_number_lower(concat_ws('|', 'shock', number, session_date)) % 1000)::bigint - 900, 0)
    + greatest((md5_number_lower(concat_ws('|', 'market shock', session_date)) % 1000)::bigint - 900, 0) as shock
  from instruments
  cross join session_days
),

-- typical move of a bar: 0.2 % to 0.6 % by symbol, more for some sessions after a shock
symbol_sessions as (
  select
    *,
    (1900000 + (symbol_noise & 65535)::bigint * 64)
    * (45 + (sum(shock) over recent + sum(shock) over latest)::bigint // 2) // 100 as bar_move
  from symbol_shocks
  window
    recent as (partition by number order by session_date rows between 8 preceding and current row),
    latest as (partition by number order by session_date rows between 2 preceding and current row)
),

factors as (
  select
    session_date,
    bar,
    sector_number,
    md5_number_lower(concat_ws('|', 'market move', session_date, bar)) as market_noise,
    md5_number_lower(concat_ws('|', 'sector', sector_number, session_date, bar)) as sector_noise
  from session_days
  cross join range(13) bars(bar)
  cross join range(11) sectors(sector_number)
),

-- the sum of four even 16-bit numbers is nearly normal with mean 131070 and standard deviation 37837
factor_moves as (
  select
    session_date,
    bar,
    sector_number,
    5 * ((market_noise & 65535) + (market_noise >> 16 & 65535) + (market_noise >> 32 & 65535) + (market_noise >> 48)
    )::bigint
    + 4 * ((sector_noise & 65535) + (sector_noise >> 16 & 65535) + (sector_noise >> 32 & 65535) + (sector_noise >> 48)
    )::bigint - 9 * 131070 as factor_move,
    ([180, 125, 105, 95, 88, 82, 80, 80, 82, 88, 95, 108, 130])[bar + 1] as day_shape
  from factors
),

noisy as (
  select
    symbol_sessions.*,
    factor_moves.* exclude (session_date, sector_number),
    md5_number_lower(concat_ws('|', 'bar', number, session_date, bar)) as bar_noise,
    md5_number_upper(concat_ws('|', 'bar', number, session_date, bar)) as wick_noise
  from symbol_sessions
  join factor_moves using (session_date, sector_number)
  where session_date >= $from::date
),

-- three symbols in ten rise for a month, three fall, the others swing to and fro
moved as (
  select
    *,
    bar_move * day_shape // 100 as typical_move,
    case
      when month_noise % 10 < 3 then 6
      when month_noise % 10 < 6 then -6
      when (day(session_date) * 13 + bar) // (26 + (month_noise >> 8 & 31)::bigint) % 2 = 0 then 10
      else -10
    end as drift_pct,
    factor_move + 8 * (((bar_noise & 65535) + (bar_noise >> 16 & 65535) + (bar_noise >> 32 & 65535) + (bar_noise >> 48)
    )::bigint - 131070) as shared_move,
    ((gap_noise & 65535) + (gap_noise >> 16 & 65535) + (gap_noise >> 32 & 65535))::bigint - 98302 as gap_move
  from noisy
),

stepped as (
  select
    *,
    typical_move * shared_move // 387830 + typical_move * drift_pct // 100 as bar_step,
    case
      when bar > 0 then 0
      when gap_noise >> 48 < 800 then bar_move * gap_move // 4000
      else bar_move * gap_move // 20000
    end as open_step
  from moved
),

cumulated as (
  select
    stepped.*,
    levels.level
    + sum(bar_step + open_step) over (partition by number order by session_date, bar)::bigint as close_level
  from stepped
  join levels using (number)
),

ranged as (
  select
    *,
    close_level - bar_step as open_level,
    greatest(close_level, close_level - bar_step)
    + typical_move * (wick_noise & 65535)::bigint // 65536 * (wick_noise >> 16 & 65535)::bigint // 65536 as high_level,
    least(close_level, close_level - bar_step)
    - typical_move * (wick_noise >> 32 & 65535)::bigint // 65536 * (wick_noise >> 48)::bigint // 65536 as low_level,
    (20000 + (symbol_noise >> 16 & 65535)::bigint * (symbol_noise >> 32 & 65535)::bigint // 2200)
    * day_shape // 100
    * (40 + (bar_noise >> 8 & 127)::bigint + least(80 * abs(bar_step) // typical_move, 400)) // 1000 as volume
  from cumulated
),

final as (
  select
    number,
    symbol,
    'XNYS' as exchange,
    opens_at + to_minutes(30 * bar) as bar_at,
    opens_at + to_minutes(30 * bar + 30) as closed_at,
    session_date,
    round(exp(open_level / 1e9), 2) as open,
    round(exp(high_level / 1e9), 2) as high,
    round(exp(low_level / 1e9), 2) as low,
    round(exp(close_level / 1e9), 2) as close,
    volume::double as volume,
    close_level
  from ranged
)

select * from final
