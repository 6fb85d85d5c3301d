-- Believes that a move ends where a 5-9 or 5-2 termination line meets a level of the higher timeframe: trades against the move when
-- the line is touched and holds the close, with the stop beyond the bar, and leaves when a line against the trade is touched.
-- @param max_distance double = 0.001 [0, 0.1] how far line and level may lie apart, as a share of the price
-- @param stop_ranges double = 0.25 [0, 10] distance of the stop beyond bar and line, in mean ranges of a bar
-- @param reward_to_risk double = 1.5 [0.1, 20] distance of the target as a multiple of the distance of the stop
-- @minimum_bars 5
with context as (
  select * from context where timeframe = $timeframe
),

-- a line that was touched was projected from the bar before
projected as (
  select
    *,
    lag(line_5_9_up) over by_bar as plotted_5_9_up,
    lag(line_5_2_up) over by_bar as plotted_5_2_up,
    lag(line_5_9_down) over by_bar as plotted_5_9_down,
    lag(line_5_2_down) over by_bar as plotted_5_2_down
  from context
  window by_bar as (partition by symbol order by bar_at)
),

-- the lines of the two kinds that the bar touched; null where it touched none, or a closed one only
touched as (
  select
    *,
    string_split(termination_lines, ', ') as names,
    case
      when termination_touch = 1 and list_contains(names, 'line_5_9_up') then plotted_5_9_up
      when termination_touch = -1 and list_contains(names, 'line_5_9_down') then plotted_5_9_down
    end as touched_5_9,
    case
      when termination_touch = 1 and list_contains(names, 'line_5_2_up') then plotted_5_2_up
      when termination_touch = -1 and list_contains(names, 'line_5_2_down') then plotted_5_2_down
    end as touched_5_2
  from projected
  where termination_touch <> 0
),

levelled as (
  select
    *,
    [
      higher_pldot_next, higher_envelope_top_next, higher_envelope_bottom_next,
      higher_one_one_high_next, higher_one_one_low_next, higher_block_level,
      higher_line_5_9_up, higher_line_5_2_up, higher_line_5_1_up, higher_line_5_3_up, higher_line_6_1_up,
      higher_line_6_5_up, higher_line_6_7_up, higher_line_6_6_up,
      higher_line_5_1_up_closed, higher_line_5_3_up_closed, higher_line_5_9_up_closed,
      higher_line_5_9_down, higher_line_5_2_down, higher_line_5_1_down, higher_line_5_3_down, higher_line_6_1_down,
      higher_line_6_5_down, higher_line_6_7_down, higher_line_6_6_down,
      higher_line_5_1_down_closed, higher_line_5_3_down_closed, higher_line_5_9_down_closed
    ] as higher_levels
  from touched
),

distanced as (
  select
    *,
    list_min([abs(touched_5_9 - level) for level in higher_levels]) as distance_5_9,
    list_min([abs(touched_5_2 - level) for level in higher_levels]) as distance_5_2
  from levelled
),

measured as (
  select
    *,
    least(distance_5_9, distance_5_2) as higher_distance,
    if(distance_5_9 is null or distance_5_2 < distance_5_9, touched_5_2, touched_5_9) as touched_line,
    if(termination_touch = 1, least(low, touched_line), greatest(high, touched_line))
      - termination_touch * $stop_ranges * mean_range as line_stop
  from distanced
),

final as (
  select
    symbol,
    bar_at,
    if(higher_distance <= $max_distance * close, termination_touch, 0) as entry,
    if(entry <> 0, line_stop, null) as stop_price,
    if(entry <> 0, close + $reward_to_risk * (close - line_stop), null) as target_price,
    termination_touch = -1 as exit_long,
    termination_touch = 1 as exit_short,
    1 - least(higher_distance / (0.1 * close), 1) as score,
    'termination' as reason
  from measured
)

select * from final
