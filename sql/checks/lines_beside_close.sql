-- check: up lines 5-1, 5-3, 6-1 and 6-5 are never above the close, and down lines never below it
with geometry as (
  select * from geometry
),

bounded as (
  select
    *,
    greatest(line_5_1_up, line_5_3_up, line_6_1_up, line_6_5_up, line_5_1_up_closed, line_5_3_up_closed) as highest_up,
    least(
      line_5_1_down, line_5_3_down, line_6_1_down, line_6_5_down, line_5_1_down_closed, line_5_3_down_closed
    ) as lowest_down
  from geometry
),

wrong as (
  select symbol, timeframe, bar_at, highest_up, close, lowest_down
  from bounded
  where is_above(highest_up, close) or is_below(lowest_down, close)
)

select * from wrong
