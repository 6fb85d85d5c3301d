-- grain: one row per symbol and bar of a timeframe, with the run and the congestion that it belongs to. Only what lies
-- before a bar is looked at: everything is the last value of something that happened.
with trend_runs as (
  select * from trend_runs
),

placed as (
  select
    *,
    last_value(nullif(run, 0) ignore nulls) over before_bar as previous_run,
    first_value(if(is_run_start, bar_number, null) ignore nulls) over so_far as first_run_number,
    last_value(if(is_run_start, bar_number, null) ignore nulls) over so_far as run_number,
    last_value(if(is_entrance, bar_number, null) ignore nulls) over so_far as entrance_number,
    last_value(if(is_entrance, high, null) ignore nulls) over so_far as entrance_high,
    last_value(if(is_entrance, low, null) ignore nulls) over so_far as entrance_low,
    last_value(case when is_entrance then -run_1 when side <> 0 then side end ignore nulls) over so_far
      as latest_direction,
    last_value(case when is_entrance then -run_1 when side <> 0 then side end ignore nulls) over before_bar
      as previous_direction
  from trend_runs
  window
    so_far as (partition by symbol order by bar_at rows between unbounded preceding and current row),
    before_bar as (partition by symbol order by bar_at rows between unbounded preceding and 1 preceding)
),

final as (
  select *, coalesce(run = 0 and previous_run is not null, false) as is_congestion from placed
)

select * from final
