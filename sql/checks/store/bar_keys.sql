-- check: the files of a timeframe hold one bar of a symbol and time
with stored as (
  select * from stored_files
),

wrong as (
  select min(file) as file, symbol, bar_at, count(*) as bars
  from stored
  group by symbol, bar_at
  having count(*) > 1
)

select * from wrong
