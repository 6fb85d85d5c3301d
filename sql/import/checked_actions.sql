-- grain: one row per readable row of imported files of corporate actions, with the reason why it is rejected
-- Equal rows count once; of rows that differ nothing tells which is right, so none of them is kept.
with read_rows as (
  select * from import_actions
),

parsed as (
  select
    file,
    row,
    symbol,
    ex_date as given_date,
    try_cast(ex_date as timestamp)::date as ex_date,
    lower(kind) as kind,
    value
  from read_rows
),

compared as (
  select
    *,
    row_number() over (partition by symbol, ex_date, kind order by file, row) as occurrence,
    count(*) over (partition by symbol, ex_date, kind) as occurrences,
    count(*) over (partition by symbol, ex_date, kind, value) as equal_rows
  from parsed
),

final as (
  select
    file,
    row,
    symbol,
    given_date,
    ex_date,
    kind,
    value,
    case
      when symbol is null then 'missing symbol'
      when given_date is null then 'missing ex_date'
      when ex_date is null or not isfinite(ex_date) then 'ex_date is no date'
      when kind is null then 'missing kind'
      when kind not in ('split', 'dividend') then 'kind is neither split nor dividend'
      when value is null then 'missing value'
      when isnan(value) or value <= 0 then 'value is not a number above 0'
      when equal_rows < occurrences then 'contradicts another row of its symbol, ex_date and kind'
      when occurrence > 1 then 'repeats another row'
    end as reason
  from compared
)

select * from final
