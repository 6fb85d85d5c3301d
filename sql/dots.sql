-- grain: one row per symbol and bar of a timeframe
with bars as (
  select *, (high + low + close) / 3 as typical_price from bars
),

lagged as (
  select
    *,
    lag(typical_price, 1) over by_bar as typical_price_1,
    lag(typical_price, 2) over by_bar as typical_price_2,
    lag(typical_price, 3) over by_bar as typical_price_3
  from bars
  window by_bar as (partition by symbol order by bar_at)
),

averaged as (
  select
    *,
    (typical_price + typical_price_1 + typical_price_2) / 3 as pldot_next,
    (typical_price_1 + typical_price_2 + typical_price_3) / 3 as pldot
  from lagged
),

final as (
  select
    symbol, timeframe, bar_at, closed_at, session_date, high, low, close,
    typical_price,
    pldot_next,
    pldot,
    case
      when abs(close - pldot) <= 1e-9 * greatest(1, abs(pldot)) then 0
      else sign(close - pldot)
    end::tinyint as side
  from averaged
)

select * from final
