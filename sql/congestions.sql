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
      as is_oscillating
  from states
),

stretched as (
  select
    * exclude (is_oscillating, excursion),
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
    lag(excursion, 3) over by_bar as excursion_3
  from states
  window
    by_bar as (partition by symbol order by bar_at),
    so_far as (partition by symbol order by bar_at rows between unbounded preceding and current row),
    run_and_entrance as (partition by symbol, run_number)
),

levelled as (
  select
    * exclude (run_high, run_low, latest_block_level),
    if(is_congestion, if(previous_run = 1, run_high, run_low), null) as dotted_line,
    if(is_congestion, if(previous_run = 1, entrance_low, entrance_high), null) as first_block_level,
    if(is_congestion, latest_block_level, null) as block_level,
    case when run <> 0 then run when is_congestion then latest_direction end as direction,
    lesser(pldot_1, pldot_2) as block_zone_low,
    greater(pldot_1, pldot_2) as block_zone_high
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
