-- grain: one row per symbol and bar of a timeframe, with the envelope by one of the methods of the earlier system, which are
-- chosen by name; takes the place of `envelopes`
with one_ones as (
  select
    *,
    greatest(high, coalesce(close_1, high)) - least(low, coalesce(close_1, low)) as true_range,
    mean3(pldot_next, pldot, pldot_1) as pldot_mean
  from one_ones
),

ranged as (
  select
    * exclude (true_range),
    -- decimals add up exactly: no rounding depends on what was added before
    sum(true_range::decimal(38, 12)) over last_bars::double / $atr_bars as average_true_range,
    row_number() over by_bar >= $atr_bars as is_full
  from one_ones
  window
    by_bar as (partition by symbol order by bar_at),
    last_bars as (partition by symbol order by bar_at rows between $atr_bars - 1 preceding and current row)
),

measured as (
  select
    * exclude (average_true_range, is_full, pldot_mean),
    case $envelope_method
      when 'pldot_stdev' then
        1.5 * sqrt(((pldot_next - pldot_mean) ** 2 + (pldot - pldot_mean) ** 2 + (pldot_1 - pldot_mean) ** 2) / 2)
      when 'range' then
        1.5 * (greater(high, greater(high_1, high_2)) - lesser(low, lesser(low_1, low_2))) / 2
      when 'atr' then
        if(is_full, $atr_multiple * average_true_range, null)
      when 'percent' then
        $envelope_percent / 100 * abs(pldot_next)
    end as half_width_next
  from ranged
),

widened as (
  select *, lag(half_width_next) over (partition by symbol order by bar_at) as half_width
  from measured
),

projected as (
  select
    * exclude (half_width_next, half_width),
    pldot_next + half_width_next as envelope_top_next,
    pldot_next - half_width_next as envelope_bottom_next,
    pldot + half_width as envelope_top,
    pldot - half_width as envelope_bottom
  from widened
),

final as (
  select
    *,
    if(is_above(envelope_top, envelope_bottom), (close - envelope_bottom) / (envelope_top - envelope_bottom), null)
      as envelope_position
  from projected
)

select * from final
