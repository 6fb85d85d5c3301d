-- check: geometry has one row for each symbol, timeframe and bar
with geometry as (
  select * from geometry
),

wrong as (
  select symbol, timeframe, bar_at, count(*) as rows
  from geometry
  group by symbol, timeframe, bar_at
  having count(*) > 1 or symbol is null or timeframe is null or bar_at is null
)

select * from wrong
