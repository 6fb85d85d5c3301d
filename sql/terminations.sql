-- grain: one row per symbol and bar of a timeframe, with whether its dot slows down towards the termination lines that it touched
with lines as (
  select * from lines
),

final as (
  select
    *,
    case
      when termination_touch = 0 then false
      -- a touched up line lies below, so that prices come to it with a falling slope
      else is_larger(termination_touch * pldot_slope, termination_touch * (pldot - pldot_1), close)
    end as momentum_fade
  from lines
)

select * from final
