-- grain: one row per symbol and bar of a timeframe, with how the dot moves (push, momentum, exhaust) and whether prices came
-- back to it (refresh)
with bar_states as (
  select
    *,
    abs(pldot_slope) as slope_size,
    abs(pldot - pldot_1) as slope_size_1,
    abs(pldot_1 - pldot_2) as slope_size_2,
    not is_above(low, pldot) and not is_below(high, pldot) as held_dot
  from bar_states
),

moved as (
  select
    *,
    push_of(pldot_next, pldot, pldot_1) as push,
    case
      when slope_size_1 is not null then
        is_larger(slope_size_1, slope_size, close)
        or (not is_above(low, pldot_next) and not is_below(high, pldot_next))
    end as is_losing_push,
    momentum_of(run, slope_size, slope_size_1, close) as dot_momentum,
    momentum_of(run_1, slope_size_1, slope_size_2, close_1) as dot_momentum_1,
    case
      when not is_above(low, pldot) and is_above(close, pldot) then 1
      when not is_below(high, pldot) and is_below(close, pldot) then -1
      when pldot is not null then 0
    end::tinyint as refresh
  from bar_states
),

final as (
  select
    * exclude (slope_size, slope_size_1, slope_size_2, held_dot, dot_momentum_1),
    case
      when push is null then null
      when push = 0 then 0
      -- since the latest bar that did not push that way
      else bar_number - last_value(
        if(push is distinct from push_of(pldot, pldot_1, pldot_2), bar_number - 1, null) ignore nulls
      ) over so_far
    end::integer as push_bars,
    (bar_number - last_value(if(held_dot, bar_number, null) ignore nulls) over before_bar)::integer as refresh_bars,
    case
      when run <> 0 and dot_momentum = 'decelerating' and dot_momentum_1 = 'accelerating' then -run
      when run is not null then 0
    end::tinyint as exhaust
  from moved
  window
    so_far as (partition by symbol order by bar_at rows between unbounded preceding and current row),
    before_bar as (partition by symbol order by bar_at rows between unbounded preceding and 1 preceding)
)

select * from final
