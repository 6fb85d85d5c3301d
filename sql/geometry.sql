-- grain: one row per symbol and bar of a timeframe, with all of its geometry side by side
with bar_states as (
  select * from bar_states
),

-- `high_2` and `run_number` are what the models hand to each other
final as (
  select columns(name -> not regexp_matches(name, '_([0-9]|number)$')) from bar_states
)

select * from final
