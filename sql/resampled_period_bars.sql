-- grain: one row per symbol and calendar period (day, week, month, quarter, year) that has bars
with finer as (
  select *, date_trunc($unit, session_date)::date as period from finer_bars
),

period_closes as (
  select exchange, date_trunc($unit, session_date)::date as period, max(closes_at) as closed_at
  from sessions
  group by all
),

aggregated as (
  select
    symbol,
    exchange,
    period,
    min(session_date) as session_date,
    arg_min(open, bar_at) as open,
    max(high) as high,
    min(low) as low,
    arg_max(close, bar_at) as close,
    -- an exact sum: the order in which threads add must not show
    sum(volume::decimal(38, 6))::double as volume
  from finer
  group by symbol, exchange, period
),

final as (
  select
    aggregated.symbol,
    aggregated.exchange,
    $timeframe as timeframe,
    aggregated.session_date::timestamp as bar_at,
    period_closes.closed_at,
    aggregated.session_date,
    aggregated.open,
    aggregated.high,
    aggregated.low,
    aggregated.close,
    aggregated.volume
  from aggregated
  left join period_closes using (exchange, period)
)

select * from final
