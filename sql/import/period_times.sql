-- grain: one row per readable row of an imported file, with the calendar period of its bar
-- Midnight is the label of a date, whatever the zone; any other time is an instant, whose date the exchange's zone tells.
with source as (
  select
    *,
    case
      when clock_time::time = '00:00:00' then clock_time::date
      when instant::time = '00:00:00' then instant::date
      else ((instant at time zone 'UTC') at time zone $exchange_zone)::date
    end as label
  from source_rows
),

sessions as (
  select * from import_sessions
),

periods as (
  select
    date_trunc($unit, session_date)::date as period,
    min(session_date) as session_date,
    max(closes_at) as closed_at
  from sessions
  group by all
),

final as (
  select
    source.* exclude (label),
    periods.session_date,
    periods.session_date::timestamp as bar_at,
    periods.closed_at,
    case
      when periods.period is null or ($unit in ('day', 'week') and sessions.session_date is null)
        then 'not on a day with a session'
    end as time_reason
  from source
  left join periods on date_trunc($unit, source.label)::date = periods.period
  left join sessions on source.label = sessions.session_date
)

select * from final
