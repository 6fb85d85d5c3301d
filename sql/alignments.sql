-- grain: one row per symbol and bar of `wider_frames`, with how well its state agrees with that of the higher timeframe
with wider_frames as (
  select * from wider_frames
),

weighed as (
  select
    *,
    case
      when market_direction = higher_market_direction then 0.5
      when market_direction = 0 or higher_market_direction = 0 then 0.25
      when market_direction <> higher_market_direction then 0
    end as direction_weight,
    case
      when market_state = higher_market_state then 0.2
      when market_state in ('trend', 'congestion_exit') and higher_market_state in ('trend', 'congestion_exit') then 0.1
      when starts_with(market_state, 'congestion') and starts_with(higher_market_state, 'congestion') then 0.1
      when market_state <> higher_market_state then 0
    end as state_weight,
    (state_confidence + higher_state_confidence) / 2 * 0.3 as confidence_weight
  from wider_frames
),

scored as (
  select
    * exclude (direction_weight, state_weight, confidence_weight),
    least(direction_weight + state_weight + confidence_weight, 1.0::double) as alignment_score
  from weighed
),

final as (
  select
    *,
    case
      when alignment_score >= 0.8 then 'perfect'
      when alignment_score >= 0.6 then 'partial'
      when alignment_score >= 0.3 then 'divergent'
      when alignment_score < 0.3 then 'conflicting'
    end as alignment,
    (market_direction = higher_market_direction or higher_market_direction = 0)
      and alignment_score >= 0.6 as is_trade_permitted
  from scored
)

select * from final
