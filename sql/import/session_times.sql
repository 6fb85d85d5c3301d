-- grain: one row per readable row of an imported file, with the session within which its bar opens
with source as (
  select *, ((instant at time zone 'UTC') at time zone $exchange_zone)::date as local_date from source_rows
),

sessions as (
  select * from import_sessions
),

final as (
  select
    source.* exclude (local_date),
    sessions.session_date,
    source.instant as bar_at,
    least(source.instant + to_minutes($minutes), sessions.closes_at) as closed_at,
    case
      -- where clocks are set back an hour has no single instant, where they are set forward it has none
      when $zone <> 'UTC' and clock_time is not null and (
        ((instant at time zone 'UTC') at time zone $zone) <> clock_time
        or ((instant - interval 1 hour) at time zone 'UTC') at time zone $zone = clock_time
        or ((instant + interval 1 hour) at time zone 'UTC') at time zone $zone = clock_time
      ) then 'time is not one instant in its zone'
      when sessions.session_date is null or instant < opens_at or instant >= closes_at
        then 'outside the regular session'
      when date_diff('microsecond', opens_at, instant) % ($minutes::bigint * 60000000) <> 0
        then 'not on the grid of the timeframe'
    end as time_reason
  from source
  left join sessions on source.local_date = sessions.session_date
)

select * from final
