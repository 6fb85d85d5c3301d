-- grain: one row per readable row of an imported file, its time an instant counted from 1970 in parts of a second
with source as (
  select * from raw_rows
),

counted as (
  select *, try_cast(time_text as decimal(38, 9)) as units from source
),

final as (
  select
    * exclude (units),
    null::timestamp as clock_time,
    -- of the years 1800 to 2199, as of any other time
    case
      when units between -5364662400 * $perSecond::bigint and 7258118399 * $perSecond::bigint
        then make_timestamp(
          case
            when $perSecond <= 1000000 then units * (1000000 // $perSecond)
            else units / ($perSecond // 1000000)
          end::bigint
        )
    end as offset_instant
  from counted
)

select * from final
