-- grain: one row per symbol and bar, beside it the bar of the higher timeframe that had ended when it opened
with focus as (
  select * from focus_geometry
),

higher as (
  select columns('^(.*)$') as 'higher_\1' from higher_geometry
),

final as (
  select
    focus.*,
    higher.* exclude (higher_symbol, higher_shown_in)
  from focus
  left join higher
    on focus.symbol = higher.higher_symbol and focus.period = higher.higher_shown_in
)

select * from final
