-- grain: one row per symbol and bar of a timeframe, with the termination lines that were projected for this bar and that it
-- reached: up lines that its close holds, down lines that hold its close
with excursions as (
  select * from excursions
),

gathered as (
  select
    *,
    -- null until all of the line's rules can be decided; the extensions are for one bar later and not among them
    if(pldot is null, null, list_value(
      line_5_9_up, line_5_2_up, line_5_1_up, line_5_3_up, line_6_1_up, line_6_5_up, line_6_7_up, line_6_6_up,
      line_5_1_up_closed, line_5_3_up_closed, line_5_9_up_closed
    )) as up_lines,
    if(pldot is null, null, list_value(
      line_5_9_down, line_5_2_down, line_5_1_down, line_5_3_down, line_6_1_down, line_6_5_down, line_6_7_down,
      line_6_6_down, line_5_1_down_closed, line_5_3_down_closed, line_5_9_down_closed
    )) as down_lines
  from excursions
),

previous as (
  select
    *,
    lag(up_lines) over by_bar as up_lines_1,
    lag(down_lines) over by_bar as down_lines_1
  from gathered
  window by_bar as (partition by symbol order by bar_at)
),

reached as (
  select
    * exclude (up_lines, down_lines),
    list_transform(up_lines_1, lambda line: is_held(1, line, low, high, close, $touch_tolerance)) as up_touches,
    list_transform(down_lines_1, lambda line: is_held(-1, line, low, high, close, $touch_tolerance)) as down_touches,
    list_transform(up_lines_1, lambda line: is_held(1, line, low, high, close, $approach_tolerance)) as up_approaches,
    list_transform(down_lines_1, lambda line: is_held(-1, line, low, high, close, $approach_tolerance))
      as down_approaches
  from previous
),

counted as (
  select
    * exclude (up_touches, down_touches, up_approaches, down_approaches),
    count_true(up_touches) as up_touch_count,
    count_true(down_touches) as down_touch_count,
    count_true(up_approaches) as up_approach_count,
    count_true(down_approaches) as down_approach_count,
    list_where(list_value(
      'line_5_9_up', 'line_5_2_up', 'line_5_1_up', 'line_5_3_up', 'line_6_1_up', 'line_6_5_up', 'line_6_7_up',
      'line_6_6_up', 'line_5_1_up_closed', 'line_5_3_up_closed', 'line_5_9_up_closed'
    ), up_touches) as up_names,
    list_where(list_value(
      'line_5_9_down', 'line_5_2_down', 'line_5_1_down', 'line_5_3_down', 'line_6_1_down', 'line_6_5_down',
      'line_6_7_down', 'line_6_6_down', 'line_5_1_down_closed', 'line_5_3_down_closed', 'line_5_9_down_closed'
    ), down_touches) as down_names
  from reached
),

final as (
  select
    * exclude (up_touch_count, down_touch_count, up_approach_count, down_approach_count, up_names, down_names),
    sign(up_touch_count - down_touch_count)::tinyint as termination_touch,
    array_to_string(up_names || down_names, ', ') as termination_lines,
    up_touch_count + down_touch_count as termination_count,
    if(up_touch_count + down_touch_count > 0, 0, sign(up_approach_count - down_approach_count))::tinyint
      as termination_approach
  from counted
)

select * from final
