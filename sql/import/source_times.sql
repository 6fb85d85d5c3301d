-- grain: one row per readable row of an imported file, its time as an instant in UTC and as the clock showed it
with source as (
  select * from clock_rows
),

final as (
  select
    * exclude (offset_instant),
    case
      when clock_time is null then offset_instant
      when $zone = 'UTC' then clock_time
      else (clock_time at time zone $zone) at time zone 'UTC'
    end as instant
  from source
)

select * from final
