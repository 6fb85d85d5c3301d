-- grain: one row per symbol and bar of `frames`, beside it the bar of the second higher timeframe too
with frames as (
  select * from frames
),

second_higher_geometry as (
  select * from second_higher_geometry
),

second_higher as (
  select columns('^(.*)$') as 'second_higher_\1' from second_higher_geometry
),

final as (
  select
    frames.*,
    second_higher.* exclude (second_higher_symbol, second_higher_shown_in)
  from frames
  left join second_higher
    on frames.symbol = second_higher.second_higher_symbol and frames.second_period = second_higher.second_higher_shown_in
)

select * from final
