-- check: the live dot at the close of a bar is the dot projected from the bar
with geometry as (
  select * from geometry
),

preceded as (
  select
    *,
    live_pldot(high, low, close, lag(typical_price, 1) over by_bar, lag(typical_price, 2) over by_bar) as live_dot
  from geometry
  window by_bar as (partition by symbol, timeframe order by bar_at)
),

wrong as (
  select symbol, timeframe, bar_at, live_dot, pldot_next
  from preceded
  where live_dot is distinct from pldot_next
)

select * from wrong
