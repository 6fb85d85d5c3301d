-- grain: one row per symbol and bar of a timeframe, with the PLdot: the mean of three typical prices, plotted a bar ahead
with lagged_bars as (
  select * from lagged_bars
),

averaged as (
  select
    *,
    mean3(typical_price, typical_price_1, typical_price_2) as pldot_next,
    mean3(typical_price_1, typical_price_2, typical_price_3) as pldot,
    mean3(typical_price_2, typical_price_3, typical_price_4) as pldot_1,
    mean3(typical_price_3, typical_price_4, typical_price_5) as pldot_2,
    mean3(typical_price_4, typical_price_5, typical_price_6) as pldot_3,
    mean3(typical_price_5, typical_price_6, typical_price_7) as pldot_4
  from lagged_bars
),

projected as (
  select
    *,
    pldot_next - pldot as pldot_slope,
    2 * pldot_next - pldot as main_channel_next,
    red_bird(close, typical_price, typical_price_1) as red_bird_next
  from averaged
)

select * from projected
