-- check: the dot plotted on a bar is the one projected from the bar before, and its slope leads to the next
with geometry as (
  select * from geometry
),

preceded as (
  select *, lag(pldot_next) over (partition by symbol, timeframe order by bar_at) as projected
  from geometry
),

wrong as (
  select symbol, timeframe, bar_at, pldot, projected, pldot_next, pldot_slope, main_channel_next
  from preceded
  where
    pldot is distinct from projected
    or is_larger(abs(pldot + pldot_slope - pldot_next), 0, close)
    or is_larger(abs(pldot_next + pldot_slope - main_channel_next), 0, close)
)

select * from wrong
