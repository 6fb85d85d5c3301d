-- grain: one row per symbol and bar with its geometry, that of the higher timeframes and how they agree
with alignments as (
  select * from alignments
),

-- `period` says which higher bar is shown
final as (
  select * exclude (period, second_period) from alignments
)

select * from final
