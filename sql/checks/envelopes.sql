-- check: the dot lies inside the envelope, which is as wide as the mean of three ranges
with geometry as (
  select * from geometry
),

preceded as (
  select
    *,
    mean3(high - low, lag(high - low, 1) over by_bar, lag(high - low, 2) over by_bar) as range_mean,
    lag(envelope_top_next) over by_bar as projected_top,
    lag(envelope_bottom_next) over by_bar as projected_bottom
  from geometry
  window by_bar as (partition by symbol, timeframe order by bar_at)
),

wrong as (
  select symbol, timeframe, bar_at, envelope_bottom_next, pldot_next, envelope_top_next, range_mean
  from preceded
  where
    is_above(envelope_bottom_next, pldot_next)
    or is_below(envelope_top_next, pldot_next)
    or is_larger(abs(envelope_top_next - envelope_bottom_next - range_mean), 0, close)
    or envelope_top is distinct from projected_top
    or envelope_bottom is distinct from projected_bottom
)

select * from wrong
