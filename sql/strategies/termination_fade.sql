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

touched as (
  select
    *,
    case
      when termination_touch = 1 and contains(termination_lines, 'line_5_9_up') then plotted_5_9_up
      when termination_touch = 1 and contains(termination_lines, 'line_5_2_up') then plotted_5_2_up
      when termination_touch = -1 and contains(termination_lines, 'line_5_9_down') then plotted_5_9_down
      when termination_touch = -1 and contains(termination_lines, 'line_5_2_down') then plotted_5_2_down
    end as touched_line
  from projected
),

measured as (
  select
    *,
    least(
      abs(touched_line - higher_pldot_next),
      abs(touched_line - higher_envelope_top_next),
      abs(touched_line - higher_envelope_bottom_next),
      abs(touched_line - higher_one_one_high_next),
      abs(touched_line - higher_one_one_low_next),
      abs(touched_line - higher_block_level),
      abs(touched_line - higher_line_5_9_up),
      abs(touched_line - higher_line_5_2_up),
      abs(touched_line - higher_line_5_9_down),
      abs(touched_line - higher_line_5_2_down)
    ) as higher_distance,
    if(termination_touch = 1, least(low, touched_line), greatest(high, touched_line))
      - termination_touch * $stop_ranges * mean_range as line_stop
  from touched
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
  where termination_touch <> 0
)

select * from final
