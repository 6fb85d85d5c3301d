-- check: the sessions of a file lie in the month or year after which its folder is named
with stored as (
  select * from stored_files
),

ranged as (
  select file, min(session_date) as first_session, max(session_date) as last_session
  from stored
  group by file
),

named as (
  select *, regexp_extract(file, '^(?:month|year)=(\d{4}(?:-\d{2})?)/', 1) as period
  from ranged
),

wrong as (
  select file, period, first_session, last_session
  from named
  where
    period = ''
    or left(first_session::varchar, length(period)) <> period
    or left(last_session::varchar, length(period)) <> period
)

select * from wrong
