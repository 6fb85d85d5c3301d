-- grain: one row per symbol and bar of a timeframe, with what closes did beyond the envelope that is plotted on them: c-wave,
-- and exhaust, the return from an excursion far outside
with pushes as (
  select
    *,
    envelope_top - envelope_bottom as envelope_width,
    not is_above(close, envelope_top) and not is_below(close, envelope_bottom) as is_in_envelope
  from pushes
),

sided as (
  select
    *,
    (run = 1 and is_above(close, envelope_top)) or (run = -1 and is_below(close, envelope_bottom)) as is_wave,
    case
      when is_in_envelope then 0
      when not is_below(close, envelope_top + $exhaust_widths * envelope_width) then 1
      when not is_above(close, envelope_bottom - $exhaust_widths * envelope_width) then -1
      else 0
    end as far_side
  from pushes
),

counted as (
  select
    *,
    bar_number - last_value(if(is_wave, null, bar_number) ignore nulls) over so_far as wave_bars,
    bar_number - last_value(if(far_side = 1, null, bar_number) ignore nulls) over so_far as above_bars,
    bar_number - last_value(if(far_side = -1, null, bar_number) ignore nulls) over so_far as below_bars
  from sided
  window so_far as (partition by symbol order by bar_at rows between unbounded preceding and current row)
),

looked_back as (
  select
    *,
    lag(above_bars - below_bars, 1) over by_bar as excursion_1,
    lag(above_bars - below_bars, 2) over by_bar as excursion_2,
    lag(above_bars - below_bars, 3) over by_bar as excursion_3,
    lag(is_in_envelope, 1) over by_bar as is_in_envelope_1,
    lag(is_in_envelope, 2) over by_bar as is_in_envelope_2
  from counted
  window by_bar as (partition by symbol order by bar_at)
),

returned as (
  select
    *,
    -- the excursion that this close is the first to come back from: above +, below -
    case
      when not is_in_envelope or is_in_envelope_1 then 0
      when abs(excursion_1) >= 2 then excursion_1
      when is_in_envelope_2 then 0
      when abs(excursion_2) >= 2 then excursion_2
      when abs(excursion_3) >= 2 then excursion_3
      else 0
    end as excursion
  from looked_back
),

final as (
  select
    * exclude (
      envelope_width, is_in_envelope, is_wave, far_side, wave_bars, above_bars, below_bars, excursion
    ),
    if(run is null, null, if(wave_bars >= 2, run * wave_bars, 0))::integer as c_wave,
    if(is_in_envelope_2 is null, null, -sign(excursion))::tinyint as envelope_exhaust,
    if(is_in_envelope_2 is null, null, abs(excursion))::integer as envelope_exhaust_bars
  from returned
)

select * from final
