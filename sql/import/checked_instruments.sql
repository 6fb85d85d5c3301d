-- grain: one row per readable row of imported files of instruments, with the reason why it is rejected
-- Equal rows count once; of rows that differ nothing tells which is right, so none of them is kept.
with read_rows as (
  select * from import_instruments
),

compared as (
  select
    *,
    row_number() over (partition by symbol order by file, row) as occurrence,
    count(*) over (partition by symbol) as occurrences,
    count(*) over (partition by symbol, name, exchange, sector, industry) as equal_rows
  from read_rows
),

final as (
  select
    file,
    row,
    symbol,
    name,
    exchange,
    sector,
    industry,
    case
      when symbol is null then 'missing symbol'
      when equal_rows < occurrences then 'contradicts another row of its symbol'
      when occurrence > 1 then 'repeats another row'
    end as reason
  from compared
)

select * from final
