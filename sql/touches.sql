-- grain: one row per symbol and bar of a timeframe, with the termination lines that were projected for it and that it reached:
-- up lines that its close holds, down lines that hold its close
with previous_lines as (
  select
    *,
    -- only one bound is the line's distance from the bar: the close, which is the other, lies within the bar
    close - price_tolerance(close) as held_low,
    close + price_tolerance(close) as held_high,
    low - $touch_tolerance * close - price_tolerance(close) as touch_low,
    high + $touch_tolerance * close + price_tolerance(close) as touch_high,
    low - $approach_tolerance * close - price_tolerance(close) as approach_low,
    high + $approach_tolerance * close + price_tolerance(close) as approach_high
  from previous_lines
),

counted as (
  select
    * exclude (held_low, held_high, touch_low, touch_high, approach_low, approach_high),
    count_between(
      touch_low, held_high,
      line_5_9_up_1, line_5_2_up_1, line_5_1_up_1, line_5_3_up_1, line_6_1_up_1, line_6_5_up_1, line_6_7_up_1,
      line_6_6_up_1, line_5_1_up_closed_1, line_5_3_up_closed_1, line_5_9_up_closed_1
    ) as up_touch_count,
    count_between(
      held_low, touch_high,
      line_5_9_down_1, line_5_2_down_1, line_5_1_down_1, line_5_3_down_1, line_6_1_down_1, line_6_5_down_1,
      line_6_7_down_1, line_6_6_down_1, line_5_1_down_closed_1, line_5_3_down_closed_1, line_5_9_down_closed_1
    ) as down_touch_count,
    count_between(
      approach_low, held_high,
      line_5_9_up_1, line_5_2_up_1, line_5_1_up_1, line_5_3_up_1, line_6_1_up_1, line_6_5_up_1, line_6_7_up_1,
      line_6_6_up_1, line_5_1_up_closed_1, line_5_3_up_closed_1, line_5_9_up_closed_1
    ) as up_approach_count,
    count_between(
      held_low, approach_high,
      line_5_9_down_1, line_5_2_down_1, line_5_1_down_1, line_5_3_down_1, line_6_1_down_1, line_6_5_down_1,
      line_6_7_down_1, line_6_6_down_1, line_5_1_down_closed_1, line_5_3_down_closed_1, line_5_9_down_closed_1
    ) as down_approach_count,
    concat_ws(
      ', ',
      if(line_5_9_up_1 between touch_low and held_high, 'line_5_9_up', null),
      if(line_5_2_up_1 between touch_low and held_high, 'line_5_2_up', null),
      if(line_5_1_up_1 between touch_low and held_high, 'line_5_1_up', null),
      if(line_5_3_up_1 between touch_low and held_high, 'line_5_3_up', null),
      if(line_6_1_up_1 between touch_low and held_high, 'line_6_1_up', null),
      if(line_6_5_up_1 between touch_low and held_high, 'line_6_5_up', null),
      if(line_6_7_up_1 between touch_low and held_high, 'line_6_7_up', null),
      if(line_6_6_up_1 between touch_low and held_high, 'line_6_6_up', null),
      if(line_5_1_up_closed_1 between touch_low and held_high, 'line_5_1_up_closed', null),
      if(line_5_3_up_closed_1 between touch_low and held_high, 'line_5_3_up_closed', null),
      if(line_5_9_up_closed_1 between touch_low and held_high, 'line_5_9_up_closed', null),
      if(line_5_9_down_1 between held_low and touch_high, 'line_5_9_down', null),
      if(line_5_2_down_1 between held_low and touch_high, 'line_5_2_down', null),
      if(line_5_1_down_1 between held_low and touch_high, 'line_5_1_down', null),
      if(line_5_3_down_1 between held_low and touch_high, 'line_5_3_down', null),
      if(line_6_1_down_1 between held_low and touch_high, 'line_6_1_down', null),
      if(line_6_5_down_1 between held_low and touch_high, 'line_6_5_down', null),
      if(line_6_7_down_1 between held_low and touch_high, 'line_6_7_down', null),
      if(line_6_6_down_1 between held_low and touch_high, 'line_6_6_down', null),
      if(line_5_1_down_closed_1 between held_low and touch_high, 'line_5_1_down_closed', null),
      if(line_5_3_down_closed_1 between held_low and touch_high, 'line_5_3_down_closed', null),
      if(line_5_9_down_closed_1 between held_low and touch_high, 'line_5_9_down_closed', null)
    ) as touched_lines
  from previous_lines
),

final as (
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
)

select * from final
