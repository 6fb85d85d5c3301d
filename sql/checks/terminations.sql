-- check: touched lines are named and counted, and an approach is told only where none is touched
with geometry as (
  select * from geometry
),

listed as (
  select *, list_filter(string_split(termination_lines, ', '), lambda name: name <> '') as names
  from geometry
),

counted as (
  select
    *,
    len(list_filter(names, lambda name: contains(name, '_up'))) as up_lines,
    len(list_filter(names, lambda name: contains(name, '_down'))) as down_lines
  from listed
),

wrong as (
  select symbol, timeframe, bar_at, termination_touch, termination_lines, termination_count, termination_approach
  from counted
  where
    termination_count <> len(names)
    or termination_touch <> sign(up_lines - down_lines)
    or (termination_approach <> 0 and termination_count > 0)
    or (momentum_fade and termination_touch = 0)
    or (termination_touch is null) <> (termination_lines is null)
)

select * from wrong
