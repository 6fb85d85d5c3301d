-- check: the levels of the areas never cross, and the close lies between the two of its area
with geometry as (
  select * from geometry
),

bounded as (
  select
    *,
    list_value(
      area_1_bottom, area_2_bottom, envelope_bottom_next, pldot_next, envelope_top_next, area_5_top, area_6_top
    ) as levels
  from geometry
  where area_next is not null
),

wrong as (
  select symbol, timeframe, bar_at, close, area_next, levels
  from bounded
  where
    is_above(area_1_bottom, area_2_bottom)
    or is_above(area_2_bottom, envelope_bottom_next)
    or is_above(envelope_bottom_next, pldot_next)
    or is_above(pldot_next, envelope_top_next)
    or is_above(envelope_top_next, area_5_top)
    or is_above(area_5_top, area_6_top)
    or is_below(close, levels[area_next])
    or not is_below(close, levels[area_next + 1])
)

select * from wrong
