-- Believes that the market rises: long from the second bar's open to the end. The yardstick for every other strategy.
with bars as (
  select * from bars where timeframe = $timeframe and session_date >= $from
),

first_bars as (
  select symbol, min(bar_at) as bar_at from bars group by symbol
),

final as (
  select symbol, bar_at, 1 as entry, 'first bar' as reason from first_bars
)

select * from final
