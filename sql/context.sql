-- grain: one row per symbol and bar with its geometry, that of the higher timeframes, how they agree and what follows
with actions as (
  select * from actions
),

-- `period` says which higher bar is shown
final as (
  select * exclude (period, second_period) from actions
)

select * from final
