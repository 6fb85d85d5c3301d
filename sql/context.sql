-- grain: one row per symbol and bar with its geometry, that of the higher timeframes and how they agree
with alignments as (
  select * from alignments
)

select * from alignments
