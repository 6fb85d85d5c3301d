-- grain: one row per symbol and bar of a timeframe, with the seven levels that cut prices into areas, and the close's area
with envelopes as (
  select * from envelopes
),

levels as (
  select
    *,
    2 * envelope_top_next - envelope_bottom_next as area_6_top,
    2 * envelope_top_next - pldot_next as area_5_top,
    2 * envelope_bottom_next - pldot_next as area_2_bottom,
    2 * envelope_bottom_next - envelope_top_next as area_1_bottom
  from envelopes
),

placed as (
  select
    *,
    -- a price on a level belongs to the higher area
    case
      when area_1_bottom is null then null
      when is_below(close, area_1_bottom) then 0
      when is_below(close, area_2_bottom) then 1
      when is_below(close, envelope_bottom_next) then 2
      when is_below(close, pldot_next) then 3
      when is_below(close, envelope_top_next) then 4
      when is_below(close, area_5_top) then 5
      when is_below(close, area_6_top) then 6
      else 7
    end::tinyint as area_next
  from levels
)

select * from placed
