-- check: a bar has every value but the volume, its prices lie between low and high, and it closes after its open
with stored as (
  select * from stored_files
),

wrong as (
  select file, symbol, bar_at, open, high, low, close, volume
  from stored
  where
    symbol is null
    or exchange is null
    or session_date is null
    or (bar_at < closed_at) is not true
    or (low > 0 and low <= open and low <= close and open <= high and close <= high and isfinite(high)) is not true
    or volume < 0
    or isnan(volume)
)

select * from wrong
