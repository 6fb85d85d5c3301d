-- grain: one row per symbol and bar of a timeframe, with the termination lines that were projected for it and that it reached:
-- up lines that its close holds, down lines that hold its close
with previous_lines as (
  select
    *,
    low - $touch_tolerance * close as touch_low,
    high + $touch_tolerance * close as touch_high,
    low - $approach_tolerance * close as approach_low,
    high + $approach_tolerance * close as approach_high
  from previous_lines
),

reached as (
  select
    *,
    reach_of_up(line_5_9_up_1, close, touch_low, approach_low) as reach_5_9_up,
    reach_of_up(line_5_2_up_1, close, touch_low, approach_low) as reach_5_2_up,
    reach_of_up(line_5_1_up_1, close, touch_low, approach_low) as reach_5_1_up,
    reach_of_up(line_5_3_up_1, close, touch_low, approach_low) as reach_5_3_up,
    reach_of_up(line_6_1_up_1, close, touch_low, approach_low) as reach_6_1_up,
    reach_of_up(line_6_5_up_1, close, touch_low, approach_low) as reach_6_5_up,
    reach_of_up(line_6_7_up_1, close, touch_low, approach_low) as reach_6_7_up,
    reach_of_up(line_6_6_up_1, close, touch_low, approach_low) as reach_6_6_up,
    reach_of_up(line_5_1_up_closed_1, close, touch_low, approach_low) as reach_5_1_up_closed,
    reach_of_up(line_5_3_up_closed_1, close, touch_low, approach_low) as reach_5_3_up_closed,
    reach_of_up(line_5_9_up_closed_1, close, touch_low, approach_low) as reach_5_9_up_closed,
    reach_of_down(line_5_9_down_1, close, touch_high, approach_high) as reach_5_9_down,
    reach_of_down(line_5_2_down_1, close, touch_high, approach_high) as reach_5_2_down,
    reach_of_down(line_5_1_down_1, close, touch_high, approach_high) as reach_5_1_down,
    reach_of_down(line_5_3_down_1, close, touch_high, approach_high) as reach_5_3_down,
    reach_of_down(line_6_1_down_1, close, touch_high, approach_high) as reach_6_1_down,
    reach_of_down(line_6_5_down_1, close, touch_high, approach_high) as reach_6_5_down,
    reach_of_down(line_6_7_down_1, close, touch_high, approach_high) as reach_6_7_down,
    reach_of_down(line_6_6_down_1, close, touch_high, approach_high) as reach_6_6_down,
    reach_of_down(line_5_1_down_closed_1, close, touch_high, approach_high) as reach_5_1_down_closed,
    reach_of_down(line_5_3_down_closed_1, close, touch_high, approach_high) as reach_5_3_down_closed,
    reach_of_down(line_5_9_down_closed_1, close, touch_high, approach_high) as reach_5_9_down_closed
  from previous_lines
),

counted as (
  select
    * exclude (
      touch_low, touch_high, approach_low, approach_high,
      reach_5_9_up, reach_5_2_up, reach_5_1_up, reach_5_3_up, reach_6_1_up, reach_6_5_up, reach_6_7_up, reach_6_6_up,
      reach_5_1_up_closed, reach_5_3_up_closed, reach_5_9_up_closed, reach_5_9_down, reach_5_2_down, reach_5_1_down,
      reach_5_3_down, reach_6_1_down, reach_6_5_down, reach_6_7_down, reach_6_6_down, reach_5_1_down_closed,
      reach_5_3_down_closed, reach_5_9_down_closed
    ),
    count_of(
      2,
      reach_5_9_up, reach_5_2_up, reach_5_1_up, reach_5_3_up, reach_6_1_up, reach_6_5_up, reach_6_7_up, reach_6_6_up,
      reach_5_1_up_closed, reach_5_3_up_closed, reach_5_9_up_closed
    ) as up_touch_count,
    count_of(
      1,
      reach_5_9_up, reach_5_2_up, reach_5_1_up, reach_5_3_up, reach_6_1_up, reach_6_5_up, reach_6_7_up, reach_6_6_up,
      reach_5_1_up_closed, reach_5_3_up_closed, reach_5_9_up_closed
    ) as up_approach_count,
    count_of(
      2,
      reach_5_9_down, reach_5_2_down, reach_5_1_down, reach_5_3_down, reach_6_1_down, reach_6_5_down, reach_6_7_down,
      reach_6_6_down, reach_5_1_down_closed, reach_5_3_down_closed, reach_5_9_down_closed
    ) as down_touch_count,
    count_of(
      1,
      reach_5_9_down, reach_5_2_down, reach_5_1_down, reach_5_3_down, reach_6_1_down, reach_6_5_down, reach_6_7_down,
      reach_6_6_down, reach_5_1_down_closed, reach_5_3_down_closed, reach_5_9_down_closed
    ) as down_approach_count,
    concat_ws(
      ', ',
      if(reach_5_9_up = 2, 'line_5_9_up', null),
      if(reach_5_2_up = 2, 'line_5_2_up', null),
      if(reach_5_1_up = 2, 'line_5_1_up', null),
      if(reach_5_3_up = 2, 'line_5_3_up', null),
      if(reach_6_1_up = 2, 'line_6_1_up', null),
      if(reach_6_5_up = 2, 'line_6_5_up', null),
      if(reach_6_7_up = 2, 'line_6_7_up', null),
      if(reach_6_6_up = 2, 'line_6_6_up', null),
      if(reach_5_1_up_closed = 2, 'line_5_1_up_closed', null),
      if(reach_5_3_up_closed = 2, 'line_5_3_up_closed', null),
      if(reach_5_9_up_closed = 2, 'line_5_9_up_closed', null),
      if(reach_5_9_down = 2, 'line_5_9_down', null),
      if(reach_5_2_down = 2, 'line_5_2_down', null),
      if(reach_5_1_down = 2, 'line_5_1_down', null),
      if(reach_5_3_down = 2, 'line_5_3_down', null),
      if(reach_6_1_down = 2, 'line_6_1_down', null),
      if(reach_6_5_down = 2, 'line_6_5_down', null),
      if(reach_6_7_down = 2, 'line_6_7_down', null),
      if(reach_6_6_down = 2, 'line_6_6_down', null),
      if(reach_5_1_down_closed = 2, 'line_5_1_down_closed', null),
      if(reach_5_3_down_closed = 2, 'line_5_3_down_closed', null),
      if(reach_5_9_down_closed = 2, 'line_5_9_down_closed', null)
    ) as touched_lines
  from reached
),

known as (
  select
    * exclude (up_touch_count, down_touch_count, up_approach_count, down_approach_count, touched_lines),
    if(pldot_1 is null, null, sign(up_touch_count - down_touch_count))::tinyint as termination_touch,
    if(pldot_1 is null, null, touched_lines) as termination_lines,
    if(pldot_1 is null, null, up_touch_count + down_touch_count)::integer as termination_count,
    case
      when pldot_1 is null then null
      when up_touch_count + down_touch_count > 0 then 0
      else sign(up_approach_count - down_approach_count)
    end::tinyint as termination_approach
  from counted
),

final as (
  select
    *,
    case
      when termination_touch = 0 then false
      -- a touched up line lies below, so that prices come to it with a falling slope
      else is_larger(termination_touch * pldot_slope, termination_touch * (pldot - pldot_1), close)
    end as momentum_fade
  from known
)

select * from final
