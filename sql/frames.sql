-- grain: one row per symbol and bar, beside it the bar of the higher timeframe that had ended when it opened
with focus_geometry as (
  select * from focus_geometry
),

higher_geometry as (
  select * from higher_geometry
),

higher as (
  select columns('^(.*)$') as 'higher_\1' from higher_geometry
),

final as (
  select
    focus_geometry.*,
    higher.* exclude (higher_symbol, higher_shown_in)
  from focus_geometry
  left join higher
    on focus_geometry.symbol = higher.higher_symbol and focus_geometry.period = higher.higher_shown_in
)

select * from final
