-- check: no symbol lacks bars for more than 13 months between others
with bars as (
  select * from source_bars
),

-- few rows are left to be put in order
years as (
  select symbol, min(session_date) as first_session, max(session_date) as last_session
  from bars
  group by symbol, year(session_date)
),

followed as (
  select symbol, lag(last_session) over (partition by symbol order by first_session) as before_hole, first_session as after_hole
  from years
),

wrong as (
  select * from followed
  -- from one bar of a year to the next there may be a year and some days
  where after_hole > before_hole + interval 13 months
)

select * from wrong
