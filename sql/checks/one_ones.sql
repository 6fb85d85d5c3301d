-- check: the close lies between the one-one low and the one-one high, which are as far apart as low and high
with geometry as (
  select * from geometry
),

wrong as (
  select symbol, timeframe, bar_at, one_one_low_next, close, one_one_high_next
  from geometry
  where
    is_above(one_one_low_next, close)
    or is_below(one_one_high_next, close)
    or is_larger(abs(one_one_high_next - one_one_low_next - (high - low)), 0, close)
)

select * from wrong
