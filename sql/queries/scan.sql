-- grain: one row per symbol at its last bar in `context`, with how far its close lies from the nearest zone of confluence
with context as (
  select * from context
),

latest as (
  select *
  from context
  qualify row_number() over (partition by symbol order by bar_at desc) = 1
),

described as (
  select latest.*, instruments.name, instruments.sector, instruments.industry
  from latest
  left join instruments using (symbol)
),

-- in mean ranges; the zones of support lie below the close, those of resistance above it
measured as (
  select
    *,
    (close - support_zone_high) / nullif(mean_range, 0) as support_zone_distance,
    (resistance_zone_low - close) / nullif(mean_range, 0) as resistance_zone_distance
  from described
),

final as (
  select
    *,
    least(support_zone_distance, resistance_zone_distance) as zone_distance,
    case
      when support_zone_distance <= coalesce(resistance_zone_distance, support_zone_distance) then 'support'
      when resistance_zone_distance is not null then 'resistance'
    end as zone_role
  from measured
)

select * from final
