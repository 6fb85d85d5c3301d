-- grain: one row per symbol and bar of a timeframe, with the support below and the resistance above its close for the next
-- bar, nearby and further out
with terminations as (
  select
    *,
    -- only what lies beyond the close
    if(is_below(line_5_2_up, close), line_5_2_up, null) as support_5_2,
    if(is_below(line_5_9_up, close), line_5_9_up, null) as support_5_9,
    if(is_above(line_5_2_down, close), line_5_2_down, null) as resistance_5_2,
    if(is_above(line_5_9_down, close), line_5_9_down, null) as resistance_5_9,
    if(is_below(one_one_low_next, close), one_one_low_next, null) as support_one_one,
    if(is_above(one_one_high_next, close), one_one_high_next, null) as resistance_one_one
  from terminations
),

placed as (
  select
    * exclude (
      support_5_2, support_5_9, resistance_5_2, resistance_5_9, support_one_one, resistance_one_one
    ),
    case
      when area_next >= 5 then pldot_next
      when area_next >= 3 then envelope_bottom_next
      when area_next <= 2 then least(support_one_one, support_5_2, support_5_9)
    end as nearby_support_low,
    case
      when area_next >= 5 then envelope_top_next
      when area_next = 4 then pldot_next
      when area_next = 3 then envelope_bottom_next
      when area_next <= 2 then greatest(support_one_one, support_5_2, support_5_9)
    end as nearby_support_high,
    case
      when area_next >= 5 then least(resistance_one_one, resistance_5_2, resistance_5_9)
      when area_next = 4 then envelope_top_next
      when area_next = 3 then pldot_next
      when area_next <= 2 then envelope_bottom_next
    end as nearby_resistance_low,
    case
      when area_next >= 5 then greatest(resistance_one_one, resistance_5_2, resistance_5_9)
      when area_next >= 3 then envelope_top_next
      when area_next <= 2 then pldot_next
    end as nearby_resistance_high,
    if(area_next is null, null, least(support_5_2, support_5_9)) as further_support_low,
    if(area_next is null, null, greatest(support_5_2, support_5_9)) as further_support_high,
    if(area_next is null, null, least(resistance_5_2, resistance_5_9)) as further_resistance_low,
    if(area_next is null, null, greatest(resistance_5_2, resistance_5_9)) as further_resistance_high,
    0.05::double * mean_range as minimum_zone_width,
    0.32::double * mean_range as oversized_zone_width
  from terminations
)

select * from placed
