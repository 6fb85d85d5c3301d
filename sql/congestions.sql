-- grain: one row per symbol and bar of a timeframe, with the levels of the congestion that it lies in; null in a run
with states as (
  select * from states
),

stretched as (
  select
    *,
    max(if(run <> 0 or is_entrance, greatest(high, high_1, high_2), null)) over run_and_entrance as run_high,
    min(if(run <> 0 or is_entrance, least(low, low_1, low_2), null)) over run_and_entrance as run_low,
    last_value(
      if(is_congestion and latest_direction <> previous_direction, if(latest_direction = 1, high, low), null)
      ignore nulls
    ) over so_far as latest_block_level
  from states
  window
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
