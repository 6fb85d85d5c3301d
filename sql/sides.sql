-- grain: one row per symbol and bar of a timeframe, with the side of the PLdot on which the bar closed: of the dot plotted on the
-- bar, or with a displacement of 0 of the dot that includes the bar
with touches as (
  select * from touches
),

sided as (
  select
    *,
    side_of(close, if($displacement = 0, pldot_next, pldot)) as side,
    side_of(close_1, if($displacement = 0, pldot, pldot_1)) as previous_side,
    side_of(close_2, if($displacement = 0, pldot_1, pldot_2)) as side_2,
    side_of(close_3, if($displacement = 0, pldot_2, pldot_3)) as side_3,
    side_of(close_4, if($displacement = 0, pldot_3, pldot_4)) as side_4
  from touches
)

select * from sided
