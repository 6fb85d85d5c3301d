-- grain: one row per symbol and bar of `wider_frames`, with the strength of the higher timeframe and the direction that a trade
-- would have: that of the higher timeframe, or where that has none its own
with wider_frames as (
  select * from wider_frames
),

weighed as (
  select
    *,
    lesser(0.1::double * higher_bars_in_state, 0.4::double) + 0.4::double * higher_state_confidence
      + if(higher_market_state = 'trend' and side_of(higher_pldot_next, higher_pldot) = higher_run, 0.2::double, 0)
      as whole_strength,
    if(higher_market_direction = 0, market_direction, higher_market_direction) as trade_direction
  from wider_frames
),

final as (
  select
    * exclude (whole_strength),
    lesser(whole_strength, 1) as higher_strength,
    -- kinds of patterns that both timeframes have shown in that direction within their last ten bars
    patterns_towards(recent_patterns & higher_recent_patterns, trade_direction) as shared_patterns
  from weighed
)

select * from final
