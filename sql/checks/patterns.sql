-- check: a pattern and its length agree
with geometry as (
  select * from geometry
),

wrong as (
  select
    symbol, timeframe, bar_at, run, push, push_bars, refresh, refresh_bars, exhaust, c_wave, envelope_exhaust,
    envelope_exhaust_bars, oscillation_bars
  from geometry
  where
    push <> side_of(pldot_next, pldot) and push <> 0
    or (push <> 0) <> (push_bars > 0)
    or refresh not in (0, side)
    or refresh_bars < 1
    or exhaust not in (0, -run)
    or (exhaust <> 0 and dot_momentum <> 'decelerating')
    or (run = 0 and dot_momentum in ('accelerating', 'decelerating'))
    or sign(c_wave) not in (0, run)
    or abs(c_wave) = 1
    or (c_wave <> 0 and not is_above(close, envelope_top) and not is_below(close, envelope_bottom))
    or (envelope_exhaust <> 0) <> (envelope_exhaust_bars >= 2)
    or (envelope_exhaust = 0 and envelope_exhaust_bars <> 0)
    or (envelope_exhaust <> 0 and (is_above(close, envelope_top) or is_below(close, envelope_bottom)))
    or (oscillation_bars > 0 and (run <> 0 or envelope_position not between 0.2 - 1e-6 and 0.8 + 1e-6))
)

select * from wrong
