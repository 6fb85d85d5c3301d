-- grain: one row per symbol and bar of a timeframe, with what the bars before it were: `high_2` is the high two bars back,
-- `mean_range` the mean of high - low over up to a hundred bars
with bars as (
  select *, (high + low + close) / 3 as typical_price from bars
),

lagged as (
  select
    *,
    row_number() over by_bar as bar_number,
    lag(bar_at) over by_bar as previous_bar_at,
    lag(high, 1) over by_bar as high_1,
    lag(high, 2) over by_bar as high_2,
    lag(high, 3) over by_bar as high_3,
    lag(low, 1) over by_bar as low_1,
    lag(low, 2) over by_bar as low_2,
    lag(low, 3) over by_bar as low_3,
    lag(close, 1) over by_bar as close_1,
    lag(close, 2) over by_bar as close_2,
    lag(close, 3) over by_bar as close_3,
    lag(close, 4) over by_bar as close_4,
    lag(typical_price, 1) over by_bar as typical_price_1,
    lag(typical_price, 2) over by_bar as typical_price_2,
    lag(typical_price, 3) over by_bar as typical_price_3,
    lag(typical_price, 4) over by_bar as typical_price_4,
    lag(typical_price, 5) over by_bar as typical_price_5,
    lag(typical_price, 6) over by_bar as typical_price_6,
    lag(typical_price, 7) over by_bar as typical_price_7,
    -- whole numbers add up exactly: no rounding depends on what was added before
    sum(((high - low) * 1e18::double)::hugeint) over last_bars::double / 1e18::double
      / least(row_number() over by_bar, 100) as mean_range
  from bars
  window
    by_bar as (partition by symbol order by bar_at),
    last_bars as (partition by symbol order by bar_at rows between 99 preceding and current row)
)

select * from lagged
