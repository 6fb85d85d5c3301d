-- grain: one row per symbol and bar of a timeframe, with all of its geometry side by side
with zones as (
  select * from zones
),

-- `high_2` and `run_number` are what the models hand to each other
final as (
  select columns(name -> not regexp_matches(name, '_([0-9]|number)$')) from zones
)

select * from final
