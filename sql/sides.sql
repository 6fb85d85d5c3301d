-- grain: one row per symbol and bar of a timeframe, with the side of the plotted PLdot on which the bar closed
with lines as (
  select * from lines
),

sided as (
  select
    *,
    side_of(close, pldot) as side,
    side_of(close_1, pldot_1) as previous_side,
    side_of(close_2, pldot_2) as side_2,
    side_of(close_3, pldot_3) as side_3,
    side_of(close_4, pldot_4) as side_4
  from lines
)

select * from sided
