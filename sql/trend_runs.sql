-- grain: one row per symbol and bar of a timeframe, with its run: +1 or -1 when three closes in a row lie on that side of
-- the dot, and whether the bar is the entrance of a congestion, the first bar after a run
with sides as (
  select * from sides
),

running as (
  select
    *,
    run_of(side, previous_side, side_2) as run,
    run_of(previous_side, side_2, side_3) as run_1,
    run_of(side_2, side_3, side_4) as run_2
  from sides
),

final as (
  select
    *,
    coalesce(run = 0 and run_1 <> 0, false) as is_entrance,
    coalesce(run <> 0 and run is distinct from run_1, false) as is_run_start
  from running
)

select * from final
