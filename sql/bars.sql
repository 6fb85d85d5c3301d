-- grain: one row per symbol and bar of a timeframe: as imported, or resampled from finer bars where none was imported
with stored as (
  select * from stored_bars
),

resampled as (
  select * from resampled_bars
),

missing as (
  select * from resampled anti join stored using (symbol, bar_at)
),

final as (
  select * from stored
  union all by name
  select * from missing
)

select * from final
