-- grain: one row per symbol and bar, beside it the bars of the higher timeframes that had ended when it opened
with focus as (
  select * from focus_geometry
),

higher as (
  select columns('^(.*)$') as 'higher_\1' from higher_geometry
),

second_higher as (
  select columns('^(.*)$') as 'second_higher_\1' from second_higher_geometry
),

final as (
  select
    focus.* exclude (period, second_period),
    higher.* exclude (higher_symbol, higher_shown_in),
    second_higher.* exclude (second_higher_symbol, second_higher_shown_in)
  from focus
  left join higher
    on focus.symbol = higher.higher_symbol and focus.period = higher.higher_shown_in
  left join second_higher
    on focus.symbol = second_higher.second_higher_symbol and focus.second_period = second_higher.second_higher_shown_in
)

select * from final
