-- grain: one row per symbol and bar of `frames`, with how well its state agrees with that of the higher timeframe
with frames as (
  select * from frames
),

scored as (
  select
    *,
    alignment_score_of(
      market_direction, market_state, state_confidence,
      higher_market_direction, higher_market_state, higher_state_confidence
    ) as alignment_score,
    alignment_score_of(
      previous_market_direction, previous_market_state, previous_state_confidence,
      higher_market_direction, higher_market_state, higher_state_confidence
    ) as previous_alignment_score
  from frames
),

final as (
  select
    * exclude (previous_alignment_score),
    case
      when alignment_score >= 0.8 then 'perfect'
      when alignment_score >= 0.6 then 'partial'
      when alignment_score >= 0.3 then 'divergent'
      when alignment_score < 0.3 then 'conflicting'
    end as alignment,
    permits_trade(market_direction, higher_market_direction, alignment_score) as is_trade_permitted,
    -- what the bar before says beside this higher bar, which was shown beside it too unless it is new
    permits_trade(previous_market_direction, higher_market_direction, previous_alignment_score) as was_trade_permitted,
    coalesce(previous_bar_at < higher_closed_at, true) as is_higher_bar_new
  from scored
)

select * from final
