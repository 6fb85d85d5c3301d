-- grain: one row per symbol and bar of `strengths`, with the levels of its own timeframe for the next bar that lie below the
-- close, support, and above it, resistance; of a pair of lines one exists at most
with strengths as (
  select
    *,
    close - price_tolerance(close) as support_limit,
    close + price_tolerance(close) as resistance_limit,
    -- how far from each other levels may lie to confirm one another
    greatest(0.05::double * mean_range, 0.0005::double * close) + price_tolerance(close) as zone_reach
  from strengths
),

sided as (
  select
    *,
    at_most(pldot_next, support_limit) as below_dot,
    at_most(envelope_top_next, support_limit) as below_top,
    at_most(envelope_bottom_next, support_limit) as below_bottom,
    at_most(one_one_low_next, support_limit) as below_one_one,
    at_most(block_level, support_limit) as below_block,
    at_most(line_5_9_up, support_limit) as below_5_9,
    at_most(coalesce(line_5_2_up, line_5_3_up), support_limit) as below_5_2_or_5_3,
    at_most(line_5_1_up, support_limit) as below_5_1,
    at_most(line_6_1_up, support_limit) as below_6_1,
    at_most(coalesce(line_6_5_up, line_6_7_up), support_limit) as below_6_5_or_6_7,
    at_most(line_6_6_up, support_limit) as below_6_6,
    at_most(coalesce(line_5_1_up_closed, line_5_9_up_closed), support_limit) as below_5_1_or_5_9_closed,
    at_most(line_5_3_up_closed, support_limit) as below_5_3_closed,
    at_least(pldot_next, resistance_limit) as above_dot,
    at_least(envelope_top_next, resistance_limit) as above_top,
    at_least(envelope_bottom_next, resistance_limit) as above_bottom,
    at_least(one_one_high_next, resistance_limit) as above_one_one,
    at_least(block_level, resistance_limit) as above_block,
    at_least(line_5_9_down, resistance_limit) as above_5_9,
    at_least(coalesce(line_5_2_down, line_5_3_down), resistance_limit) as above_5_2_or_5_3,
    at_least(line_5_1_down, resistance_limit) as above_5_1,
    at_least(line_6_1_down, resistance_limit) as above_6_1,
    at_least(coalesce(line_6_5_down, line_6_7_down), resistance_limit) as above_6_5_or_6_7,
    at_least(line_6_6_down, resistance_limit) as above_6_6,
    at_least(coalesce(line_5_1_down_closed, line_5_9_down_closed), resistance_limit) as above_5_1_or_5_9_closed,
    at_least(line_5_3_down_closed, resistance_limit) as above_5_3_closed
  from strengths
),

final as (
  select
    *,
    least(
      below_dot, below_top, below_bottom, below_one_one, below_block, below_5_9, below_5_2_or_5_3, below_5_1,
      below_6_1, below_6_5_or_6_7, below_6_6, below_5_1_or_5_9_closed, below_5_3_closed
    ) - zone_reach as lowest_support,
    greatest(
      above_dot, above_top, above_bottom, above_one_one, above_block, above_5_9, above_5_2_or_5_3, above_5_1,
      above_6_1, above_6_5_or_6_7, above_6_6, above_5_1_or_5_9_closed, above_5_3_closed
    ) + zone_reach as highest_resistance,
    cells_around(cells_of(
      close, zone_reach,
      below_dot, below_top, below_bottom, below_one_one, below_block, below_5_9, below_5_2_or_5_3, below_5_1,
      below_6_1, below_6_5_or_6_7, below_6_6, below_5_1_or_5_9_closed, below_5_3_closed
    )) as support_cells,
    cells_around(cells_of(
      close, zone_reach,
      above_dot, above_top, above_bottom, above_one_one, above_block, above_5_9, above_5_2_or_5_3, above_5_1,
      above_6_1, above_6_5_or_6_7, above_6_6, above_5_1_or_5_9_closed, above_5_3_closed
    )) as resistance_cells
  from sided
)

select * from final
