-- grain: one row per symbol and bar of a timeframe, with its bar state, the days that this lasts, and the grade of a run
with congestions as (
  select
    *,
    not is_above(close, confines_high) and not is_below(close, confines_low) as is_inside
  from congestions
),

named as (
  select
    * exclude (is_inside),
    case
      when run <> 0 then 'trend_run'
      when not is_congestion then null
      when is_entrance then 'entrance'
      when bar_number = entrance_number + 1 and direction = -previous_run and is_inside then 'entrance'
      when direction = 1 and is_above(close, confines_high) then 'exit'
      when direction = -1 and is_below(close, confines_low) then 'exit'
      else 'action'
    end as bar_state
  from congestions
),

changed as (
  select
    *,
    bar_state is distinct from lag(bar_state) over by_bar
      or direction is distinct from lag(direction) over by_bar as is_change
  from named
  window by_bar as (partition by symbol order by bar_at)
),

counted as (
  select
    * exclude (is_change),
    if(bar_state is null, null, bar_number + 1 - last_value(if(is_change, bar_number, null) ignore nulls) over so_far)
      ::integer as bar_state_day
  from changed
  window so_far as (partition by symbol order by bar_at rows between unbounded preceding and current row)
),

final as (
  select
    *,
    case
      when run = 1 and not is_above(close, pldot_next) and is_above(main_channel_next, close) then 'aborting'
      when run = -1 and not is_below(close, pldot_next) and is_below(main_channel_next, close) then 'aborting'
      when run = 1 and (is_above(main_channel_next, close) or is_above(2 * pldot_next - low, close)) then 'slowing'
      when run = -1 and (is_below(main_channel_next, close) or is_below(2 * pldot_next - high, close)) then 'slowing'
      when run <> 0 then 'intact'
    end as run_grade
  from counted
)

select * from final
