-- grain: one row per symbol and intraday bucket that has bars, anchored at the session's open
with finer as (
  select * from finer_bars
),

session_hours as (
  select * from sessions
),

bucketed as (
  select
    finer.*,
    session_hours.opens_at,
    session_hours.closes_at,
    date_diff('minute', session_hours.opens_at, finer.bar_at) // $minutes as bucket
  from finer
  join session_hours using (exchange, session_date)
),

aggregated as (
  select
    symbol,
    exchange,
    session_date,
    opens_at + to_minutes($minutes * bucket) as bar_at,
    any_value(closes_at) as closes_at,
    arg_min(open, finer.bar_at) as open,
    max(high) as high,
    min(low) as low,
    arg_max(close, finer.bar_at) as close,
    sum(volume::decimal(38, 6))::double as volume
  from bucketed as finer
  group by symbol, exchange, session_date, opens_at, bucket
),

final as (
  select
    symbol,
    exchange,
    $timeframe as timeframe,
    bar_at,
    least(bar_at + to_minutes($minutes), closes_at) as closed_at,
    session_date,
    open,
    high,
    low,
    close,
    volume
  from aggregated
)

select * from final
