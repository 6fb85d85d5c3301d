-- grain: one row per symbol and bar of `focus_levels`, with the levels of the higher timeframes that a level of its own confirms,
-- as lists with a null for each that none does: up lines as support, down lines as resistance, others by their side of the close
with focus_levels as (
  select
    *,
    coalesce(higher_line_5_2_up, higher_line_5_3_up) as higher_line_5_2_or_5_3_up,
    coalesce(higher_line_6_5_up, higher_line_6_7_up) as higher_line_6_5_or_6_7_up,
    coalesce(higher_line_5_1_up_closed, higher_line_5_9_up_closed) as higher_line_5_1_or_5_9_up_closed,
    coalesce(higher_line_5_2_down, higher_line_5_3_down) as higher_line_5_2_or_5_3_down,
    coalesce(higher_line_6_5_down, higher_line_6_7_down) as higher_line_6_5_or_6_7_down,
    coalesce(higher_line_5_1_down_closed, higher_line_5_9_down_closed) as higher_line_5_1_or_5_9_down_closed,
    coalesce(second_higher_line_5_2_up, second_higher_line_5_3_up) as second_higher_line_5_2_or_5_3_up,
    coalesce(second_higher_line_6_5_up, second_higher_line_6_7_up) as second_higher_line_6_5_or_6_7_up,
    coalesce(second_higher_line_5_1_up_closed, second_higher_line_5_9_up_closed) as second_higher_line_5_1_or_5_9_up_closed,
    coalesce(second_higher_line_5_2_down, second_higher_line_5_3_down) as second_higher_line_5_2_or_5_3_down,
    coalesce(second_higher_line_6_5_down, second_higher_line_6_7_down) as second_higher_line_6_5_or_6_7_down,
    coalesce(second_higher_line_5_1_down_closed, second_higher_line_5_9_down_closed) as second_higher_line_5_1_or_5_9_down_closed
  from focus_levels
),

confirmed as (
  select
    * exclude (
      lowest_support, highest_resistance, support_limit, resistance_limit, support_cells, resistance_cells,
      higher_line_5_2_or_5_3_up, higher_line_6_5_or_6_7_up, higher_line_5_1_or_5_9_up_closed,
      higher_line_5_2_or_5_3_down, higher_line_6_5_or_6_7_down, higher_line_5_1_or_5_9_down_closed,
      second_higher_line_5_2_or_5_3_up, second_higher_line_6_5_or_6_7_up, second_higher_line_5_1_or_5_9_up_closed,
      second_higher_line_5_2_or_5_3_down, second_higher_line_6_5_or_6_7_down,
      second_higher_line_5_1_or_5_9_down_closed
    ),
    confirmed_levels(
      lowest_support, support_limit, close, zone_reach, support_cells,
      higher_pldot_next, higher_envelope_top_next, higher_envelope_bottom_next, higher_one_one_high_next,
      higher_one_one_low_next, higher_block_level, higher_line_5_9_up, higher_line_5_2_or_5_3_up, higher_line_5_1_up,
      higher_line_6_1_up, higher_line_6_5_or_6_7_up, higher_line_6_6_up, higher_line_5_1_or_5_9_up_closed,
      higher_line_5_3_up_closed,
      below_dot, below_top, below_bottom, below_one_one, below_block, below_5_9, below_5_2_or_5_3, below_5_1,
      below_6_1, below_6_5_or_6_7, below_6_6, below_5_1_or_5_9_closed, below_5_3_closed
    ) as higher_support_anchors,
    confirmed_levels(
      lowest_support, support_limit, close, zone_reach, support_cells,
      second_higher_pldot_next, second_higher_envelope_top_next, second_higher_envelope_bottom_next,
      second_higher_one_one_high_next, second_higher_one_one_low_next, second_higher_block_level,
      second_higher_line_5_9_up, second_higher_line_5_2_or_5_3_up, second_higher_line_5_1_up,
      second_higher_line_6_1_up, second_higher_line_6_5_or_6_7_up, second_higher_line_6_6_up,
      second_higher_line_5_1_or_5_9_up_closed, second_higher_line_5_3_up_closed,
      below_dot, below_top, below_bottom, below_one_one, below_block, below_5_9, below_5_2_or_5_3, below_5_1,
      below_6_1, below_6_5_or_6_7, below_6_6, below_5_1_or_5_9_closed, below_5_3_closed
    ) as second_higher_support_anchors,
    confirmed_levels(
      resistance_limit, highest_resistance, close, zone_reach, resistance_cells,
      higher_pldot_next, higher_envelope_top_next, higher_envelope_bottom_next, higher_one_one_high_next,
      higher_one_one_low_next, higher_block_level, higher_line_5_9_down, higher_line_5_2_or_5_3_down,
      higher_line_5_1_down, higher_line_6_1_down, higher_line_6_5_or_6_7_down, higher_line_6_6_down,
      higher_line_5_1_or_5_9_down_closed, higher_line_5_3_down_closed,
      above_dot, above_top, above_bottom, above_one_one, above_block, above_5_9, above_5_2_or_5_3, above_5_1,
      above_6_1, above_6_5_or_6_7, above_6_6, above_5_1_or_5_9_closed, above_5_3_closed
    ) as higher_resistance_anchors,
    confirmed_levels(
      resistance_limit, highest_resistance, close, zone_reach, resistance_cells,
      second_higher_pldot_next, second_higher_envelope_top_next, second_higher_envelope_bottom_next,
      second_higher_one_one_high_next, second_higher_one_one_low_next, second_higher_block_level,
      second_higher_line_5_9_down, second_higher_line_5_2_or_5_3_down, second_higher_line_5_1_down,
      second_higher_line_6_1_down, second_higher_line_6_5_or_6_7_down, second_higher_line_6_6_down,
      second_higher_line_5_1_or_5_9_down_closed, second_higher_line_5_3_down_closed,
      above_dot, above_top, above_bottom, above_one_one, above_block, above_5_9, above_5_2_or_5_3, above_5_1,
      above_6_1, above_6_5_or_6_7, above_6_6, above_5_1_or_5_9_closed, above_5_3_closed
    ) as second_higher_resistance_anchors
  from focus_levels
)

select * from confirmed
