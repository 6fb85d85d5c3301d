-- check: a run is three sides in a row, and only runs have a grade
with geometry as (
  select * from geometry
),

counted as (
  select *, sum(side) over last_three as side_sum, count(side) over last_three as sides
  from geometry
  window last_three as (partition by symbol, timeframe order by bar_at rows between 2 preceding and current row)
),

wrong as (
  select symbol, timeframe, bar_at, side, side_sum, run, run_grade
  from counted
  where
    side is distinct from side_of(close, pldot)
    or run is distinct from case when sides = 3 then if(abs(side_sum) = 3, sign(side_sum), 0) end
    or (run_grade is not null) <> coalesce(run <> 0, false)
)

select * from wrong
