-- grain: one row per symbol and bar of a timeframe, with the envelope around the PLdot: the one for the next bar, the one
-- that is plotted on the bar, and where in it the bar closed
with envelope_spreads as (
  select * from envelope_spreads
),

projected as (
  select
    *,
    case $envelope_method
      when 'mean' then mean3(2 * typical_price - low, 2 * typical_price_1 - low_1, 2 * typical_price_2 - low_2)
      else pldot_next + half_width_next
    end as envelope_top_next,
    case $envelope_method
      when 'mean' then mean3(2 * typical_price - high, 2 * typical_price_1 - high_1, 2 * typical_price_2 - high_2)
      else pldot_next - half_width_next
    end as envelope_bottom_next,
    case $envelope_method
      when 'mean' then mean3(2 * typical_price_1 - low_1, 2 * typical_price_2 - low_2, 2 * typical_price_3 - low_3)
      else pldot + half_width_1
    end as envelope_top,
    case $envelope_method
      when 'mean' then mean3(2 * typical_price_1 - high_1, 2 * typical_price_2 - high_2, 2 * typical_price_3 - high_3)
      else pldot - half_width_1
    end as envelope_bottom
  from envelope_spreads
),

placed as (
  select
    * exclude (half_width_next, half_width_1),
    (close - envelope_bottom) / nullif(envelope_top - envelope_bottom, 0) as envelope_position
  from projected
)

select * from placed
