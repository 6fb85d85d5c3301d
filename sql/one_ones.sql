-- grain: one row per symbol and bar of a timeframe, with the one-one high and low of the next bar
with dots as (
  select * from dots
),

projected as (
  select
    *,
    2 * typical_price - low as one_one_high_next,
    2 * typical_price - high as one_one_low_next
  from dots
)

select * from projected
