-- grain: one row per symbol and bar of a timeframe, with the levels of the congestion that it lies in; null in a run
with states as (
  select
    *,
    -- how many closes in a row lie far above the envelope, or, negative, far below it
    not_far_below_number - not_far_above_number as excursion,
    is_congestion
      and not is_below(close, envelope_bottom + 0.2::double * (envelope_top - envelope_bottom))
      and not is_above(close, envelope_top - 0.2::double * (envelope_top - envelope_bottom))
      and side_of(envelope_position, envelope_position_1) * side_of(envelope_position_1, 0.5::double) <= 0
      as is_oscillating,
    pattern_bit(5, if(is_wave and is_wave_1, run, 0)) | pattern_bit(
      6,
      -- the side of the excursion, of two far closes or more, from which this close is the first to come back
      case
        when not is_in_envelope or is_in_envelope_1 then 0
        when far_side_1 = far_side_2 and far_side_1 <> 0 then -far_side_1
        when is_in_envelope_2 then 0
        when far_side_2 = far_side_3 and far_side_2 <> 0 then -far_side_2
        when far_side_3 = far_side_4 then -far_side_3
      end
    ) as waves_shown
  from states
),

stretched as (
  select
    * exclude (is_oscillating, excursion, is_wave, waves_shown),
    max(if(run <> 0 or is_entrance, greatest(high, high_1, high_2), null)) over run_and_entrance as run_high,
    min(if(run <> 0 or is_entrance, least(low, low_1, low_2), null)) over run_and_entrance as run_low,
    last_value(
      if(is_congestion and latest_direction <> previous_direction, if(latest_direction = 1, high, low), null)
      ignore nulls
    ) over so_far as latest_block_level,
    -- patterns that look back over other windows: one window more would cost another sort of everything
    last_value(if(is_oscillating, null, bar_number) ignore nulls) over so_far as no_oscillation_number,
    lag(excursion, 1) over by_bar as excursion_1,
    lag(excursion, 2) over by_bar as excursion_2,
    lag(excursion, 3) over by_bar as excursion_3,
    bit_or(waves_shown) over last_bars as recent_waves,
    lag(market_state) over by_bar as previous_market_state,
    lag(market_direction) over by_bar as previous_market_direction,
    lag(state_confidence) over by_bar as previous_state_confidence
  from states
  window
    by_bar as (partition by symbol order by bar_at),
    so_far as (partition by symbol order by bar_at rows between unbounded preceding and current row),
    last_bars as (partition by symbol order by bar_at rows between 9 preceding and current row),
    run_and_entrance as (partition by symbol, run_number)
),

levelled as (
  select
    * exclude (run_high, run_low, latest_block_level, recent_moves, recent_waves),
    if(is_congestion, if(previous_run = 1, run_high, run_low), null) as dotted_line,
    if(is_congestion, if(previous_run = 1, entrance_low, entrance_high), null) as first_block_level,
    if(is_congestion, latest_block_level, null) as block_level,
    case when run <> 0 then run when is_congestion then latest_direction end as direction,
    lesser(pldot_1, pldot_2) as block_zone_low,
    greater(pldot_1, pldot_2) as block_zone_high,
    if(pldot is null, null, recent_moves | recent_waves) as recent_patterns
  from stretched
),

final as (
  select
    *,
    lesser(dotted_line, first_block_level) as confines_low,
    greater(dotted_line, first_block_level) as confines_high
  from levelled
)

select * from final
