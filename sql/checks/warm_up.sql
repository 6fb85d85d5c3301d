-- check: a level is null until the bars that it is made of exist, and from then on it is not
with geometry as (
  select * from geometry
),

numbered as (
  select *, row_number() over (partition by symbol, timeframe order by bar_at) as bar_number
  from geometry
),

wrong as (
  select symbol, timeframe, bar_at, bar_number
  from numbered
  where
    (mean_range is null or one_one_high_next is null)
    or (bar_number >= 2) <> (line_5_9_up is not null)
    or (bar_number >= 3) <> (pldot_next is not null)
    or (bar_number >= 3) <> (area_next is not null)
    or (bar_number >= 4) <> (pldot is not null)
    or (bar_number >= 4) <> (refresh is not null)
    or (bar_number >= 5) <> (push is not null)
    or (bar_number >= 5) <> (dot_momentum is not null)
    or (bar_number >= 5) <> (termination_touch is not null)
    or (bar_number >= 6) <> (run is not null)
    or (bar_number >= 6) <> (exhaust is not null)
    or (bar_number >= 6) <> (c_wave is not null)
    or (bar_number >= 6) <> (envelope_exhaust is not null)
    or (bar_number < 6 and market_state is not null)
)

select * from wrong
