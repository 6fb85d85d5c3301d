-- Believes that a pattern at a level which several timeframes confirm begins a move in the direction in which they agree: trades
-- in the direction of the recommended action, with the stop beyond the zone and a target at a multiple of the risk, trails the
-- stop by the nearest zone, and leaves on an exhaust, at a termination against it, or when the timeframes disagree.
-- @param min_alignment double = 0.6 [0.6, 1] least alignment score of an entry, and below it a position is left
-- @param min_signal_strength double = 0.55 [0, 1] least signal strength of an entry
-- @param min_zone_weight double = 2.5 [0, 20] least weight of the zone in the trade's direction
-- @param min_pattern_strength integer = 2 [1, 100] least strength of the pattern that supports an entry
-- @param min_stop_distance double = 0.001 [0, 0.5] least distance of the stop beyond the zone, as a share of the price
-- @param reward_to_risk double = 2 [0.1, 20] distance of the target as a multiple of the distance of the stop
-- @minimum_bars 7
with context as (
  -- bars that permit no trade are of interest when a position may still be open: on the first of them
  select * from context
  where timeframe = $timeframe and (is_trade_permitted or was_trade_permitted or is_higher_bar_new)
),

directed as (
  select
    *,
    case recommended_action when 'long' then 1 when 'short' then -1 else 0 end as action,
    if(trade_direction = 1, zone_low, zone_high) as zone_far_side,
    greatest(zone_high - zone_low, $min_stop_distance * close) as stop_distance
  from context
),

judged as (
  select
    *,
    zone_far_side - trade_direction * stop_distance as zone_stop,
    has_pattern(
      trade_direction, $min_pattern_strength,
      push, push_bars, c_wave, refresh, refresh_bars, termination_touch, termination_count
    )
    or has_pattern(
      trade_direction, $min_pattern_strength,
      higher_push, higher_push_bars, higher_c_wave, higher_refresh, higher_refresh_bars,
      higher_termination_touch, higher_termination_count
    ) as is_supported,
    coalesce(alignment_score < $min_alignment or action = 0, true) as is_over,
    exhaust = 1 or envelope_exhaust = 1 or termination_touch = 1 as is_up_due,
    exhaust = -1 or envelope_exhaust = -1 or termination_touch = -1 as is_down_due
  from directed
),

decided as (
  select
    *,
    is_over or action = -1 or is_down_due as is_long_over,
    is_over or action = 1 or is_up_due as is_short_over,
    zone_weight >= $min_zone_weight and signal_strength >= $min_signal_strength and is_supported as is_entry
  from judged
),

final as (
  select
    symbol,
    bar_at,
    case
      when is_entry and action = 1 and not is_long_over then 1
      when is_entry and action = -1 and not is_short_over then -1
      else 0
    end as entry,
    if(entry <> 0, zone_stop, null) as stop_price,
    if(entry <> 0, close + $reward_to_risk * (close - zone_stop), null) as target_price,
    if(is_over, null, zone_stop) as trail_price,
    is_long_over as exit_long,
    is_short_over as exit_short,
    0.3 * signal_strength
      + 0.25 * least($reward_to_risk, 5) / 5
      + 0.2 * least(confluence_count, 5) / 5
      + 0.15 * alignment_score
      -- 1 without any movement, 0.5 when the mean range is a hundredth of the price
      + 0.1 / (1 + 100 * mean_range / close) as score,
    case
      when entry <> 0 then 'zone and pattern agree'
      when alignment_score < $min_alignment then 'alignment broken'
      when action = 0 then recommended_action
      when is_down_due or is_up_due then 'exhaust or termination'
    end as reason
  from decided
  -- a position against this direction was opened below another higher bar, and has been told to leave on the first bar below this one
  where is_higher_bar_new
    or zone_stop is not null
    or coalesce(if(trade_direction = 1, is_long_over, is_short_over), true)
)

select * from final
