-- check: the bars of a file are sorted by symbol and time, each bar once
with stored as (
  select * from stored_files
),

-- rows come in the order of the files, so that nothing has to be sorted to see the row before
followed as (
  select
    file,
    symbol,
    bar_at,
    lag(file) over () as previous_file,
    lag(symbol) over () as previous_symbol,
    lag(bar_at) over () as previous_bar_at
  from stored
),

wrong as (
  select * from followed
  where
    file = previous_file
    and (symbol < previous_symbol or (symbol = previous_symbol and bar_at <= previous_bar_at))
)

select * from wrong
