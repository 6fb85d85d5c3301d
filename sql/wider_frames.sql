-- grain: one row per symbol and bar of `alignments`, beside it the bar of the second higher timeframe too
with alignments as (
  select * from alignments
),

second_higher_geometry as (
  select * from second_higher_geometry
),

second_higher as (
  select columns('^(.*)$') as 'second_higher_\1' from second_higher_geometry
),

final as (
  select
    alignments.*,
    second_higher.* exclude (second_higher_symbol, second_higher_shown_in)
  from alignments
  left join second_higher
    on alignments.symbol = second_higher.second_higher_symbol and alignments.second_period = second_higher.second_higher_shown_in
)

select * from final
