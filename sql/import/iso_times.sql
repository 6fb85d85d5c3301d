-- grain: one row per readable row of an imported file, its time as ISO 8601 has it: on a clock, or with an offset
with source as (
  select * from raw_rows
),

-- a time with an offset ends in Z, UTC, GMT, +02, -0500 or +05:30, after the minutes
split as (
  select
    *,
    regexp_extract(time_text, '^\d.*:\d\d(?:\.\d+)?\s*(z|utc|gmt|[+-]\d\d(?::?\d\d)?)$', 1, 'i') as zone_text,
    regexp_replace(time_text, '\s*(z|utc|gmt|[+-]\d\d(:?\d\d)?)$', '', 'i') as clock_text
  from source
),

final as (
  select
    * exclude (clock_text, zone_text),
    -- the first character guards against "epoch" and "infinity", which are timestamps to DuckDB
    case
      when not regexp_matches(time_text, '^\d') then null
      when zone_text = ''
        then coalesce(
          try_cast(time_text as timestamp),
          try_strptime(time_text, ['%Y%m%d', '%Y%m%d %H%M%S', '%Y%m%d %H:%M:%S', '%Y%m%d %H:%M'])
        )
    end as clock_time,
    case
      when zone_text <> ''
        then try_cast(
          try_cast(clock_text as timestamp)::varchar
          || case when lower(zone_text) in ('z', 'utc', 'gmt') then '+00' else zone_text end as timestamptz
        ) at time zone 'UTC'
    end as offset_instant
  from split
)

select * from final
