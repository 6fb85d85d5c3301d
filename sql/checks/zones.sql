-- check: support lies at or below the close and resistance at or above it, each with its low below its high
with geometry as (
  select * from geometry
),

wrong as (
  select
    symbol, timeframe, bar_at, close,
    further_support_low, further_support_high, nearby_support_low, nearby_support_high,
    nearby_resistance_low, nearby_resistance_high, further_resistance_low, further_resistance_high
  from geometry
  where
    is_above(nearby_support_low, nearby_support_high)
    or is_above(nearby_resistance_low, nearby_resistance_high)
    or is_above(further_support_low, further_support_high)
    or is_above(further_resistance_low, further_resistance_high)
    or is_above(nearby_support_high, close)
    or is_below(nearby_resistance_low, close)
    or not is_below(further_support_high, close)
    or not is_above(further_resistance_low, close)
    or (area_next between 3 and 4 and (nearby_support_low is null or nearby_resistance_low is null))
    or mean_range < 0
)

select * from wrong
