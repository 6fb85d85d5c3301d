-- grain: one row per symbol and bar of a timeframe, with all of its patterns: to the others come the oscillation in
-- congestion and the fading of the slope towards a touched line
with line_touches as (
  select
    *,
    lag(envelope_position) over (partition by symbol order by bar_at) as envelope_position_1
  from line_touches
),

moved as (
  select
    *,
    is_congestion
      and not is_below(close, envelope_bottom + 0.2::double * (envelope_top - envelope_bottom))
      and not is_above(close, envelope_top - 0.2::double * (envelope_top - envelope_bottom))
      and side_of(envelope_position, envelope_position_1) * side_of(envelope_position_1, 0.5::double) <= 0
      as is_oscillating,
    case
      when termination_touch = 0 then false
      -- a touched up line lies in the direction of -1
      else is_larger(termination_touch * pldot_slope, termination_touch * (pldot - pldot_1), close)
    end as momentum_fade
  from line_touches
),

final as (
  select
    * exclude (is_oscillating),
    case
      when run is not null then bar_number - last_value(if(is_oscillating, null, bar_number) ignore nulls) over so_far
    end::integer as oscillation_bars
  from moved
  window so_far as (partition by symbol order by bar_at rows between unbounded preceding and current row)
)

select * from final
