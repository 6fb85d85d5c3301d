-- grain: one row per readable row of an imported file, its time read by a pattern: on a clock, or with an offset
with source as (
  select * from raw_rows
),

parsed as (
  select *, try_strptime(time_text, $pattern) as given_time from source
),

final as (
  select
    * exclude (given_time),
    case when not $hasOffset then given_time::timestamp end as clock_time,
    case when $hasOffset then given_time::timestamptz at time zone 'UTC' end as offset_instant
  from parsed
)

select * from final
