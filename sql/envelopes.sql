-- grain: one row per symbol and bar of a timeframe, with the envelope around the PLdot, the mean of three one-ones: the one
-- for the next bar, the one that is plotted on the bar, and where in it the bar closed
with one_ones as (
  select * from one_ones
),

projected as (
  select
    *,
    mean3(2 * typical_price - low, 2 * typical_price_1 - low_1, 2 * typical_price_2 - low_2) as envelope_top_next,
    mean3(2 * typical_price - high, 2 * typical_price_1 - high_1, 2 * typical_price_2 - high_2) as envelope_bottom_next,
    mean3(2 * typical_price_1 - low_1, 2 * typical_price_2 - low_2, 2 * typical_price_3 - low_3) as envelope_top,
    mean3(2 * typical_price_1 - high_1, 2 * typical_price_2 - high_2, 2 * typical_price_3 - high_3) as envelope_bottom
  from one_ones
),

placed as (
  select
    *,
    if(is_above(envelope_top, envelope_bottom), (close - envelope_bottom) / (envelope_top - envelope_bottom), null)
      as envelope_position
  from projected
)

select * from placed
