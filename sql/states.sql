-- grain: one row per symbol and bar of a timeframe, with the five-state summary of the market and how sure it is
with episodes as (
  select * from episodes
),

named as (
  select
    *,
    case
      when run <> 0 and (not is_run_start or previous_run is null) then 'trend'
      when run <> 0 and run = previous_run then 'congestion_exit'
      when run <> 0 then 'reversal'
      when is_entrance then 'congestion_entrance'
      when is_congestion then 'congestion_action'
    end as market_state,
    case when run <> 0 then run when is_congestion then previous_run end as market_direction
  from episodes
),

counted as (
  select
    *,
    case
      -- the first bar of a run that follows a congestion has a state of its own
      when market_state = 'trend' then bar_number - run_number + if(previous_run is null, 1, 0)
      when market_state = 'congestion_action' then bar_number - entrance_number
      when market_state is not null then 1
    end::integer as bars_in_state
  from named
),

final as (
  select
    *,
    case
      when market_state is not null then
        least(
          0.5::double + least(0.05::double * bars_in_state, 0.3::double)
          + if(market_state = 'trend' and side_of(pldot_next, pldot) = run, 0.2::double, 0)
          + if(is_congestion and abs(pldot_slope) < 0.0001::double * close, 0.15::double, 0)
          + if(run <> 0, 0.1::double, 0),
          1
        )
    end as state_confidence
  from counted
)

select * from final
