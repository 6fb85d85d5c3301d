-- Believes that a close on the other side of the PLdot begins a move: long when the close comes to lie above the
-- dot plotted on its bar, out when it comes to lie below.
-- @minimum_bars 5
with sides as (
  select * from sides where timeframe = $timeframe
),

final as (
  select
    symbol,
    bar_at,
    if(side = 1, 1, 0) as entry,
    side = -1 as exit_long,
    if(side = 1, 'close above dot', 'close below dot') as reason
  from sides
  where side <> 0 and side is distinct from previous_side
)

select * from final
