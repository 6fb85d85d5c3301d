-- check: of the lines that exclude each other exactly one exists
with geometry as (
  select * from geometry
),

counted as (
  select
    *,
    side_of(high, lag(high) over by_bar) as high_side,
    side_of(low, lag(low) over by_bar) as low_side,
    list_count(list_value(line_5_1_up, line_5_2_down, line_5_3_down)) as high_lines,
    list_count(list_value(line_5_1_down, line_5_2_up, line_5_3_up)) as low_lines,
    list_count(list_value(line_6_1_up, line_6_5_down, line_6_7_down)) as high_dot_lines,
    list_count(list_value(line_6_1_down, line_6_5_up, line_6_7_up)) as low_dot_lines
  from geometry
  window by_bar as (partition by symbol, timeframe order by bar_at)
),

wrong as (
  select symbol, timeframe, bar_at, high_lines, low_lines, high_dot_lines, low_dot_lines
  from counted
  where
    high_lines <> coalesce(abs(high_side), 0)
    or low_lines <> coalesce(abs(low_side), 0)
    or high_dot_lines <> (pldot_next is not null)::integer
    or low_dot_lines <> (pldot_next is not null)::integer
)

select * from wrong
