-- grain: one row per staged bar that is not kept because another row has its symbol and time
-- Equal rows of a file count once; of rows that differ nothing tells which is right, so none of them is kept. Of several
-- files the later one replaces the bars of the earlier, as if they were imported one after the other.
with staged as (
  select * from import_partition
),

repeated_keys as (
  select symbol, bar_at from staged group by symbol, bar_at having count(*) > 1
),

compared as (
  select
    staged.*,
    row_number() over (in_file order by row) as occurrence,
    min((open, high, low, close)) over in_file = max((open, high, low, close)) over in_file
    and min(volume) over in_file is not distinct from max(volume) over in_file
    and count(volume) over in_file in (0, count(*) over in_file) as is_same
  from staged
  semi join repeated_keys using (symbol, bar_at)
  window in_file as (partition by symbol, bar_at, file)
),

placed as (
  select *, max(file) filter (where is_same) over (partition by symbol, bar_at) as last_file
  from compared
),

final as (
  select
    * exclude (reason, occurrence, is_same, last_file),
    case
      when not is_same then 'contradicts another row of its symbol and time'
      when occurrence > 1 then 'repeats another row'
      when file < last_file then 'replaced by a later file'
    end as reason
  from placed
  where not is_same or occurrence > 1 or file < last_file
)

select * from final
