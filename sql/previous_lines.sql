-- grain: one row per symbol and bar of a timeframe, with the termination lines that were projected for it from the bar before,
-- read anew: to look up twenty-two lines on the bar before would cost a sort of everything
with areas as (
  select * from areas
),

projected as (
  select
    *,
    line_5_9_up(low_1, high_2) as line_5_9_up_1,
    line_5_2_up(low_1, low_2) as line_5_2_up_1,
    line_5_1_up(high_1, close_1, high_2) as line_5_1_up_1,
    line_5_3_up(low_1, close_1, low_2) as line_5_3_up_1,
    line_6_1_up(high_1, close_1, pldot) as line_6_1_up_1,
    line_6_5_up(low_1, close_1, pldot) as line_6_5_up_1,
    line_6_7_up(low_1, pldot) as line_6_7_up_1,
    line_6_6_up(high_1, low_1, pldot_1) as line_6_6_up_1,
    line_5_1_up_closed(high_1, close_1, high_2, close_2) as line_5_1_up_closed_1,
    line_5_3_up_closed(low_1, close_1, low_2, close_2) as line_5_3_up_closed_1,
    line_5_9_up_closed(low_1, high_2, close_2) as line_5_9_up_closed_1,
    line_5_9_down(high_1, low_2) as line_5_9_down_1,
    line_5_2_down(high_1, high_2) as line_5_2_down_1,
    line_5_1_down(low_1, close_1, low_2) as line_5_1_down_1,
    line_5_3_down(high_1, close_1, high_2) as line_5_3_down_1,
    line_6_1_down(low_1, close_1, pldot) as line_6_1_down_1,
    line_6_5_down(high_1, close_1, pldot) as line_6_5_down_1,
    line_6_7_down(high_1, pldot) as line_6_7_down_1,
    line_6_6_down(high_1, low_1, pldot_1) as line_6_6_down_1,
    line_5_1_down_closed(low_1, close_1, low_2, close_2) as line_5_1_down_closed_1,
    line_5_3_down_closed(high_1, close_1, high_2, close_2) as line_5_3_down_closed_1,
    line_5_9_down_closed(high_1, low_2, close_2) as line_5_9_down_closed_1
  from areas
)

select * from projected
