-- grain: one row per symbol and bar of a timeframe, with the termination lines for the next bar; up is support, down is
-- resistance, a line that does not exist is null
with patterns as (
  select * from patterns
),

projected as (
  select
    *,
    line_5_9_up(low, high_1) as line_5_9_up,
    line_5_2_up(low, low_1) as line_5_2_up,
    line_5_1_up(high, close, high_1) as line_5_1_up,
    line_5_3_up(low, close, low_1) as line_5_3_up,
    line_6_1_up(high, close, pldot_next) as line_6_1_up,
    line_6_5_up(low, close, pldot_next) as line_6_5_up,
    line_6_7_up(low, pldot_next) as line_6_7_up,
    line_6_6_up(high, low, pldot) as line_6_6_up,
    line_5_1_up_closed(high, close, high_1, close_1) as line_5_1_up_closed,
    line_5_3_up_closed(low, close, low_1, close_1) as line_5_3_up_closed,
    line_5_9_up_closed(low, high_1, close_1) as line_5_9_up_closed,
    line_5_9_down(high, low_1) as line_5_9_down,
    line_5_2_down(high, high_1) as line_5_2_down,
    line_5_1_down(low, close, low_1) as line_5_1_down,
    line_5_3_down(high, close, high_1) as line_5_3_down,
    line_6_1_down(low, close, pldot_next) as line_6_1_down,
    line_6_5_down(high, close, pldot_next) as line_6_5_down,
    line_6_7_down(high, pldot_next) as line_6_7_down,
    line_6_6_down(high, low, pldot) as line_6_6_down,
    line_5_1_down_closed(low, close, low_1, close_1) as line_5_1_down_closed,
    line_5_3_down_closed(high, close, high_1, close_1) as line_5_3_down_closed,
    line_5_9_down_closed(high, low_1, close_1) as line_5_9_down_closed
  from patterns
),

final as (
  select
    *,
    2 * line_5_9_up - low as line_5_9_up_extension,
    2 * line_5_9_down - high as line_5_9_down_extension,
    2 * line_5_2_up - low as line_5_2_up_extension,
    2 * line_5_2_down - high as line_5_2_down_extension
  from projected
)

select * from final
