-- grain: one row per symbol and bar of a timeframe, with how the dot moves (push, momentum, exhaust) and where prices lie to the
-- dot and the envelope that are plotted on the bar
with trend_runs as (
  select
    *,
    abs(pldot_slope) as slope_size,
    abs(pldot - pldot_1) as slope_size_1,
    abs(pldot_1 - pldot_2) as slope_size_2,
    $exhaust_widths * (envelope_top - envelope_bottom) as far_distance,
    not is_above(low, pldot) and not is_below(high, pldot) as is_on_dot,
    not is_above(low, pldot_next) and not is_below(high, pldot_next) as is_on_next_dot,
    not is_above(close, envelope_top) and not is_below(close, envelope_bottom) as is_in_envelope
  from trend_runs
),

measured as (
  select
    *,
    momentum_of(run, slope_size, slope_size_1, close) as dot_momentum,
    momentum_of(run_1, slope_size_1, slope_size_2, close_1) as momentum_1
  from trend_runs
),

final as (
  select
    * exclude (slope_size, slope_size_1, slope_size_2, far_distance, is_on_next_dot, momentum_1),
    push_of(pldot_next, pldot, pldot_1) as push,
    if(slope_size_1 is null, null, is_larger(slope_size_1, slope_size, close) or is_on_next_dot) as is_losing_push,
    case
      when not is_above(low, pldot) and is_above(close, pldot) then 1
      when not is_below(high, pldot) and is_below(close, pldot) then -1
      when pldot is not null then 0
    end::tinyint as refresh,
    case
      when run <> 0 and dot_momentum = 'decelerating' and momentum_1 = 'accelerating' then -run
      when run is not null then 0
    end::tinyint as exhaust,
    (run = 1 and is_above(close, envelope_top)) or (run = -1 and is_below(close, envelope_bottom)) as is_wave,
    case
      when is_in_envelope then 0
      when not is_below(close, envelope_top + far_distance) then 1
      when not is_above(close, envelope_bottom - far_distance) then -1
      when is_in_envelope is not null then 0
    end::tinyint as far_side,
    pattern_bit(1, push) | pattern_bit(2, refresh) | pattern_bit(3, exhaust) | pattern_bit(4, termination_touch) as moves_shown
  from measured
)

select * from final
