-- Believes that a close on the other side of the PLdot begins a move: long when the close comes to lie above the
-- dot plotted on its bar, out when it comes to lie below.
-- @minimum_bars 5
with dots as (
  select * from dots where timeframe = $timeframe
),

sided as (
  select
    symbol,
    bar_at,
    side,
    lag(side) over (partition by symbol order by bar_at) as previous_side
  from dots
),

final as (
  select
    symbol,
    bar_at,
    case side when 1 then 1 else 0 end as entry,
    side = -1 as exit_long,
    case side when 1 then 'close above dot' else 'close below dot' end as reason
  from sided
  where side <> 0 and side is distinct from previous_side
)

select * from final
