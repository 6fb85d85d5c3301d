-- Believes that prices that leave a congestion keep going when the higher timeframe runs the same way: trades with the first day
-- of an exit, with the stop back inside the confines and a target measured by their height, and leaves when the direction turns.
-- @param stop_share double = 0.5 [0.05, 1] distance of the stop from the border that was left, as a share of the confines' height
-- @param target_heights double = 2 [0.1, 20] distance of the target from the border, in heights of the confines
-- @minimum_bars 7
with context as (
  select * from context where timeframe = $timeframe
),

placed as (
  select
    *,
    if(bar_state = 'exit' and bar_state_day = 1 and higher_run = direction, direction, 0) as breakout,
    if(direction = 1, confines_high, confines_low) as border,
    confines_high - confines_low as height
  from context
),

final as (
  select
    symbol,
    bar_at,
    breakout as entry,
    if(entry <> 0, border - breakout * $stop_share * height, null) as stop_price,
    if(entry <> 0, border + breakout * $target_heights * height, null) as target_price,
    direction = -1 as exit_long,
    direction = 1 as exit_short,
    if(breakout <> 0, 'exit of a congestion', 'direction turned') as reason
  from placed
  -- a direction that turns begins the first day of a state
  where bar_state_day = 1
)

select * from final
