-- grain: one row per symbol and bar of `confluence`, with the strength of a signal in the trade's direction, its risk and what to do
with confluence as (
  select * from confluence
),

weighed as (
  select
    *,
    0.4::double * alignment_score + 0.3::double * higher_strength
      + case
        when zone_weight >= 4 then 0.15::double
        when zone_weight >= 2.5 then 0.12::double
        when zone_weight > 0 then 0.08::double
        else 0
      end
      + if(shared_patterns > 0, 0.15::double, 0) as signal_strength
  from confluence
),

final as (
  select
    *,
    case
      when is_trade_permitted and signal_strength >= 0.7 and higher_strength >= 0.6 then 'low'
      when is_trade_permitted and signal_strength >= 0.5 then 'medium'
      when signal_strength is not null then 'high'
    end as risk_level,
    case
      when alignment = 'conflicting' then 'reduce'
      when not is_trade_permitted or signal_strength < 0.5 or trade_direction = 0 then 'wait'
      when signal_strength < 0.6 and market_direction = -trade_direction then 'wait'
      when trade_direction = 1 then 'long'
      when trade_direction = -1 then 'short'
    end as recommended_action
  from weighed
)

select * from final
