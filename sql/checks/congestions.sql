-- check: a congestion has levels, which stay until the next run, and a run has none
with geometry as (
  select * from geometry
),

preceded as (
  select
    *,
    lag(bar_state) over by_bar as previous_bar_state,
    lag(confines_low) over by_bar as previous_low,
    lag(confines_high) over by_bar as previous_high
  from geometry
  window by_bar as (partition by symbol, timeframe order by bar_at)
),

wrong as (
  select symbol, timeframe, bar_at, bar_state, confines_low, confines_high, dotted_line, first_block_level, block_level
  from preceded
  where
    coalesce(bar_state in ('entrance', 'exit', 'action'), false) <> (confines_low is not null)
    or (confines_low is null) <> (block_level is null)
    or confines_low > confines_high
    or least(dotted_line, first_block_level) is distinct from confines_low
    or greatest(dotted_line, first_block_level) is distinct from confines_high
    or (
      bar_state <> 'trend_run' and previous_bar_state <> 'trend_run'
      and (confines_low <> previous_low or confines_high <> previous_high)
    )
)

select * from wrong
