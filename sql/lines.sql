-- grain: one row per symbol and bar of a timeframe, with the termination lines for the next bar; up is support, down is
-- resistance, a line that does not exist is null
with areas as (
  select * from areas
),

read_ahead as (
  select
    *,
    2 * high - high_1 as high_ahead,
    2 * low - low_1 as low_ahead,
    2 * pldot_next - high as high_across,
    2 * pldot_next - low as low_across,
    2 * close_1 - high_1 as high_gap,
    2 * close_1 - low_1 as low_gap,
    is_above(high, high_1) as is_high_up,
    is_below(high, high_1) as is_high_down,
    is_above(low, low_1) as is_low_up,
    is_below(low, low_1) as is_low_down,
    not is_above(low, pldot) and not is_below(high, pldot) as holds_dot
  from areas
),

final as (
  select
    * exclude (
      high_ahead, low_ahead, high_across, low_across, high_gap, low_gap,
      is_high_up, is_high_down, is_low_up, is_low_down, holds_dot
    ),
    2 * low - high_1 as line_5_9_up,
    2 * high - low_1 as line_5_9_down,
    if(is_low_down, low_ahead, null) as line_5_2_up,
    if(is_high_up, high_ahead, null) as line_5_2_down,
    if(is_high_down and is_below(high_ahead, close), high_ahead, null) as line_5_1_up,
    if(is_low_up and is_above(low_ahead, close), low_ahead, null) as line_5_1_down,
    if(is_low_up and not is_above(low_ahead, close), low_ahead, null) as line_5_3_up,
    if(is_high_down and not is_below(high_ahead, close), high_ahead, null) as line_5_3_down,
    if(is_below(high_across, close), high_across, null) as line_6_1_up,
    if(is_above(low_across, close), low_across, null) as line_6_1_down,
    if(not is_above(low_across, close) and not is_below(pldot_next, low), low_across, null) as line_6_5_up,
    if(not is_below(high_across, close) and not is_above(pldot_next, high), high_across, null) as line_6_5_down,
    if(is_below(pldot_next, low), low_across, null) as line_6_7_up,
    if(is_above(pldot_next, high), high_across, null) as line_6_7_down,
    if(holds_dot, 3 * low - 2 * pldot, null) as line_6_6_up,
    if(holds_dot, 3 * high - 2 * pldot, null) as line_6_6_down,
    2 * (2 * low - high_1) - low as line_5_9_up_extension,
    2 * (2 * high - low_1) - high as line_5_9_down_extension,
    if(is_low_down, 2 * low_ahead - low, null) as line_5_2_up_extension,
    if(is_high_up, 2 * high_ahead - high, null) as line_5_2_down_extension,
    if(is_high_down and is_below(high, close_1) and is_below(high_gap, close), high_gap, null) as line_5_1_up_closed,
    if(is_low_up and is_above(low, close_1) and is_above(low_gap, close), low_gap, null) as line_5_1_down_closed,
    if(is_low_up and is_above(low, close_1) and not is_above(low_gap, close), low_gap, null) as line_5_3_up_closed,
    if(is_high_down and is_below(high, close_1) and not is_below(high_gap, close), high_gap, null)
      as line_5_3_down_closed,
    if(is_above(low, close_1), high_gap, null) as line_5_9_up_closed,
    if(is_below(high, close_1), low_gap, null) as line_5_9_down_closed
  from read_ahead
)

select * from final
