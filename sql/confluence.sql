-- grain: one row per symbol and bar of `anchors`, with the confirmed zones of support and resistance nearest to its close, and
-- once more the one of them in the trade's direction. A zone is an anchor, what confirms it, and the nearest confirmed anchor of the
-- other higher timeframe when that is within reach
with anchors as (
  select
    *,
    list_max(higher_support_anchors) as higher_support,
    list_max(second_higher_support_anchors) as second_higher_support,
    list_min(higher_resistance_anchors) as higher_resistance,
    list_min(second_higher_resistance_anchors) as second_higher_resistance,
    (list_count(higher_support_anchors) + list_count(second_higher_support_anchors)
      + list_count(higher_resistance_anchors) + list_count(second_higher_resistance_anchors))::integer as anchor_count
  from anchors
),

nearest as (
  select
    * exclude (
      higher_support_anchors, second_higher_support_anchors,
      higher_resistance_anchors, second_higher_resistance_anchors
    ),
    greatest(higher_support, second_higher_support) as support_anchor,
    least(higher_resistance, second_higher_resistance) as resistance_anchor,
    if(trade_direction = 1, higher_support, higher_resistance) as higher_zone,
    if(trade_direction = 1, second_higher_support, second_higher_resistance) as second_higher_zone,
    if(trade_direction = 1, below_dot, above_dot) as zone_dot,
    if(trade_direction = 1, below_top, above_top) as zone_top,
    if(trade_direction = 1, below_bottom, above_bottom) as zone_bottom,
    if(trade_direction = 1, below_one_one, above_one_one) as zone_one_one,
    if(trade_direction = 1, below_block, above_block) as zone_block,
    if(trade_direction = 1, below_5_9, above_5_9) as zone_5_9,
    if(trade_direction = 1, below_5_2_or_5_3, above_5_2_or_5_3) as zone_5_2_or_5_3,
    if(trade_direction = 1, below_5_1, above_5_1) as zone_5_1,
    if(trade_direction = 1, below_6_1, above_6_1) as zone_6_1,
    if(trade_direction = 1, below_6_5_or_6_7, above_6_5_or_6_7) as zone_6_5_or_6_7,
    if(trade_direction = 1, below_6_6, above_6_6) as zone_6_6,
    if(trade_direction = 1, below_5_1_or_5_9_closed, above_5_1_or_5_9_closed) as zone_5_1_or_5_9_closed,
    if(trade_direction = 1, below_5_3_closed, above_5_3_closed) as zone_5_3_closed
  from anchors
),

chosen as (
  select
    *,
    case
      when trade_direction = 1 then greatest(higher_zone, second_higher_zone)
      when trade_direction = -1 then least(higher_zone, second_higher_zone)
    end as zone_anchor
  from nearest
),

gathered as (
  select
    * exclude (
      zone_reach,
      below_dot, below_top, below_bottom, below_one_one, below_block, below_5_9, below_5_2_or_5_3, below_5_1,
      below_6_1, below_6_5_or_6_7, below_6_6, below_5_1_or_5_9_closed, below_5_3_closed,
      above_dot, above_top, above_bottom, above_one_one, above_block, above_5_9, above_5_2_or_5_3, above_5_1,
      above_6_1, above_6_5_or_6_7, above_6_6, above_5_1_or_5_9_closed, above_5_3_closed,
      zone_dot, zone_top, zone_bottom, zone_one_one, zone_block, zone_5_9, zone_5_2_or_5_3, zone_5_1, zone_6_1,
      zone_6_5_or_6_7, zone_6_6, zone_5_1_or_5_9_closed, zone_5_3_closed
    ),
    if(abs(higher_support - support_anchor) <= zone_reach, higher_support, null) as higher_support_near,
    if(abs(second_higher_support - support_anchor) <= zone_reach, second_higher_support, null) as second_higher_support_near,
    count_near(
      support_anchor, zone_reach,
      below_dot, below_top, below_bottom, below_one_one, below_block, below_5_9, below_5_2_or_5_3, below_5_1,
      below_6_1, below_6_5_or_6_7, below_6_6, below_5_1_or_5_9_closed, below_5_3_closed
    ) as focus_support_count,
    sum_near(
      support_anchor, zone_reach,
      below_dot, below_top, below_bottom, below_one_one, below_block, below_5_9, below_5_2_or_5_3, below_5_1,
      below_6_1, below_6_5_or_6_7, below_6_6, below_5_1_or_5_9_closed, below_5_3_closed
    ) as focus_support_sum,
    least_near(
      support_anchor, zone_reach,
      below_dot, below_top, below_bottom, below_one_one, below_block, below_5_9, below_5_2_or_5_3, below_5_1,
      below_6_1, below_6_5_or_6_7, below_6_6, below_5_1_or_5_9_closed, below_5_3_closed
    ) as focus_support_low,
    greatest_near(
      support_anchor, zone_reach,
      below_dot, below_top, below_bottom, below_one_one, below_block, below_5_9, below_5_2_or_5_3, below_5_1,
      below_6_1, below_6_5_or_6_7, below_6_6, below_5_1_or_5_9_closed, below_5_3_closed
    ) as focus_support_high,
    if(abs(higher_resistance - resistance_anchor) <= zone_reach, higher_resistance, null) as higher_resistance_near,
    if(abs(second_higher_resistance - resistance_anchor) <= zone_reach, second_higher_resistance, null) as second_higher_resistance_near,
    count_near(
      resistance_anchor, zone_reach,
      above_dot, above_top, above_bottom, above_one_one, above_block, above_5_9, above_5_2_or_5_3, above_5_1,
      above_6_1, above_6_5_or_6_7, above_6_6, above_5_1_or_5_9_closed, above_5_3_closed
    ) as focus_resistance_count,
    sum_near(
      resistance_anchor, zone_reach,
      above_dot, above_top, above_bottom, above_one_one, above_block, above_5_9, above_5_2_or_5_3, above_5_1,
      above_6_1, above_6_5_or_6_7, above_6_6, above_5_1_or_5_9_closed, above_5_3_closed
    ) as focus_resistance_sum,
    least_near(
      resistance_anchor, zone_reach,
      above_dot, above_top, above_bottom, above_one_one, above_block, above_5_9, above_5_2_or_5_3, above_5_1,
      above_6_1, above_6_5_or_6_7, above_6_6, above_5_1_or_5_9_closed, above_5_3_closed
    ) as focus_resistance_low,
    greatest_near(
      resistance_anchor, zone_reach,
      above_dot, above_top, above_bottom, above_one_one, above_block, above_5_9, above_5_2_or_5_3, above_5_1,
      above_6_1, above_6_5_or_6_7, above_6_6, above_5_1_or_5_9_closed, above_5_3_closed
    ) as focus_resistance_high,
    if(abs(higher_zone - zone_anchor) <= zone_reach, higher_zone, null) as higher_zone_near,
    if(abs(second_higher_zone - zone_anchor) <= zone_reach, second_higher_zone, null) as second_higher_zone_near,
    count_near(
      zone_anchor, zone_reach,
      zone_dot, zone_top, zone_bottom, zone_one_one, zone_block, zone_5_9, zone_5_2_or_5_3, zone_5_1, zone_6_1,
      zone_6_5_or_6_7, zone_6_6, zone_5_1_or_5_9_closed, zone_5_3_closed
    ) as focus_zone_count,
    least_near(
      zone_anchor, zone_reach,
      zone_dot, zone_top, zone_bottom, zone_one_one, zone_block, zone_5_9, zone_5_2_or_5_3, zone_5_1, zone_6_1,
      zone_6_5_or_6_7, zone_6_6, zone_5_1_or_5_9_closed, zone_5_3_closed
    ) as focus_zone_low,
    greatest_near(
      zone_anchor, zone_reach,
      zone_dot, zone_top, zone_bottom, zone_one_one, zone_block, zone_5_9, zone_5_2_or_5_3, zone_5_1, zone_6_1,
      zone_6_5_or_6_7, zone_6_6, zone_5_1_or_5_9_closed, zone_5_3_closed
    ) as focus_zone_high
  from chosen
),

final as (
  select
    * exclude (
      anchor_count,
      higher_support_near, higher_support, second_higher_support_near, second_higher_support, support_anchor,
      focus_support_count, focus_support_sum, focus_support_low, focus_support_high, higher_resistance_near,
      higher_resistance, second_higher_resistance_near, second_higher_resistance, resistance_anchor,
      focus_resistance_count, focus_resistance_sum, focus_resistance_low, focus_resistance_high, higher_zone_near,
      higher_zone, second_higher_zone_near, second_higher_zone, zone_anchor, focus_zone_count, focus_zone_low,
      focus_zone_high
    ),
    least(higher_support_near, second_higher_support_near, focus_support_low) as support_zone_low,
    greatest(higher_support_near, second_higher_support_near, focus_support_high) as support_zone_high,
    (coalesce(higher_support_near, 0) + coalesce(second_higher_support_near, 0) + focus_support_sum)
      / nullif(if(higher_support_near is null, 0, 1) + if(second_higher_support_near is null, 0, 1) + focus_support_count, 0) as support_zone_level,
    if(support_anchor is null, null, 0::double)
      + if(higher_support_near is null, 0, 1.5::double) + if(second_higher_support_near is null, 0, 2) + focus_support_count as support_zone_weight,
    if(support_anchor is null, null, concat_ws(
      ', ', timeframe, if(higher_support_near is null, null, higher_timeframe), if(second_higher_support_near is null, null, second_higher_timeframe)
    )) as support_zone_timeframes,
    least(higher_resistance_near, second_higher_resistance_near, focus_resistance_low) as resistance_zone_low,
    greatest(higher_resistance_near, second_higher_resistance_near, focus_resistance_high) as resistance_zone_high,
    (coalesce(higher_resistance_near, 0) + coalesce(second_higher_resistance_near, 0) + focus_resistance_sum)
      / nullif(if(higher_resistance_near is null, 0, 1) + if(second_higher_resistance_near is null, 0, 1) + focus_resistance_count, 0) as resistance_zone_level,
    if(resistance_anchor is null, null, 0::double)
      + if(higher_resistance_near is null, 0, 1.5::double) + if(second_higher_resistance_near is null, 0, 2) + focus_resistance_count as resistance_zone_weight,
    if(resistance_anchor is null, null, concat_ws(
      ', ', timeframe, if(higher_resistance_near is null, null, higher_timeframe), if(second_higher_resistance_near is null, null, second_higher_timeframe)
    )) as resistance_zone_timeframes,
    least(higher_zone_near, second_higher_zone_near, focus_zone_low) as zone_low,
    greatest(higher_zone_near, second_higher_zone_near, focus_zone_high) as zone_high,
    if(zone_anchor is null, null, 0::double)
      + if(higher_zone_near is null, 0, 1.5::double) + if(second_higher_zone_near is null, 0, 2) + focus_zone_count as zone_weight,
    if(higher_pldot_next is null, null, anchor_count) as confluence_count
  from gathered
)

select * from final
