-- check: bar state, market state and their directions tell of the same run or congestion
with geometry as (
  select * from geometry
),

wrong as (
  select symbol, timeframe, bar_at, run, bar_state, direction, market_state, market_direction, state_confidence
  from geometry
  where
    (bar_state is null) <> (market_state is null)
    or coalesce(run <> 0, false) <> coalesce(bar_state = 'trend_run', false)
    or coalesce(run <> 0, false) <> coalesce(market_state in ('trend', 'congestion_exit', 'reversal'), false)
    or (market_state = 'congestion_entrance' and bar_state <> 'entrance')
    or (run <> 0 and (direction <> run or market_direction <> run))
    or (market_state is null) <> (bars_in_state is null)
    or (market_state is null) <> (bar_state_day is null)
    or (market_state is null) <> (state_confidence is null)
    or least(bars_in_state, bar_state_day) < 1
    or state_confidence not between 0.5 and 1
)

select * from wrong
