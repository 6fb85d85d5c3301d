-- grain: one row per readable row of an imported file, with its partition or the reason why it is rejected
-- A price or volume that is missing is null, one that is no finite number is NaN.
with timed as (
  select * from timed_rows
),

judged as (
  select
    *,
    case
      when symbol is null then 'missing symbol'
      when time_text is null then 'missing time'
      when instant is null or year(instant) not between 1800 and 2199 then 'time is not understood'
      when open is null or high is null or low is null or close is null then 'missing price'
      when isnan(open) or isnan(high) or isnan(low) or isnan(close) then 'price is not a number'
      when least(open, high, low, close) <= 0 then 'price is not positive'
      when high < low then 'high below low'
      when greatest(open, close) > high or least(open, close) < low then 'open or close outside low to high'
      when isnan(volume) then 'volume is not a number'
      when volume < 0 then 'volume is negative'
      when volume > 1e20 then 'volume above 1e20'
      -- no reason to reject it: it is looked up among the sessions of more years
      when year(instant) not between $first_year and $last_year then 'outside the years'
      else time_reason
    end as reason
  from timed
),

final as (
  select * exclude (time_reason), case when reason is null then strftime(session_date, $partition) end as partition_key
  from judged
)

select * from final
