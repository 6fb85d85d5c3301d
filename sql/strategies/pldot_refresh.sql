-- Believes that a run goes on after prices have come back to the PLdot and closed on the run's side of it again: trades with the
-- run on a refresh, with the stop beyond the envelope, and leaves when the run ends.
-- @param min_refresh_bars integer = 1 [1, 100] how many bars must have passed since a bar last held its dot
-- @param stop_widths double = 0.25 [0, 10] distance of the stop beyond the envelope, in widths of the envelope
-- @param reward_to_risk double = 3 [0.1, 20] distance of the target as a multiple of the distance of the stop
-- @minimum_bars 6
with geometry as (
  select * from geometry where timeframe = $timeframe
),

refreshed as (
  select
    *,
    if(run <> 0 and refresh = run and refresh_bars >= $min_refresh_bars, run, 0) as refreshed_run,
    if(run = 1, envelope_bottom_next, envelope_top_next)
      - run * $stop_widths * (envelope_top_next - envelope_bottom_next) as run_stop
  from geometry
),

final as (
  select
    symbol,
    bar_at,
    -- a close far outside of the envelope would leave the stop on the wrong side
    if((close - run_stop) * refreshed_run > 0, refreshed_run, 0) as entry,
    if(entry <> 0, run_stop, null) as stop_price,
    if(entry <> 0, close + $reward_to_risk * (close - run_stop), null) as target_price,
    is_entrance as exit_long,
    is_entrance as exit_short,
    if(is_entrance, 'run over', 'refresh') as reason
  from refreshed
  where refreshed_run <> 0 or is_entrance
)

select * from final
