-- grain: one row per staged bar that is not kept because another row has its symbol and time
-- Equal rows count once; of rows that differ nothing tells which is right, so none of them is kept.
with staged as (
  select * from import_partition
),

repeated_keys as (
  select
    symbol,
    bar_at,
    min((file, row)) as first_row,
    min((open, high, low, close)) is not distinct from max((open, high, low, close))
    and min(volume) is not distinct from max(volume)
    and count(volume) in (0, count(*)) as is_same
  from staged
  group by symbol, bar_at
  having count(*) > 1
),

final as (
  select
    staged.* exclude (reason),
    case
      when is_same then 'repeats another row'
      else 'contradicts another row of its symbol and time'
    end as reason
  from staged
  join repeated_keys using (symbol, bar_at)
  where not is_same or (file, row) <> first_row
)

select * from final
