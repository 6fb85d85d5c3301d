-- grain: one row per symbol and bar of a timeframe, with how long its patterns last, and those that are counts: c-wave, envelope
-- exhaust and oscillation
with bar_states as (
  select
    *,
    bar_number - no_wave_number as wave_bars,
    -- the excursion from which this close is the first to come back
    case
      when not is_in_envelope or is_in_envelope_1 then 0
      when abs(excursion_1) >= 2 then excursion_1
      when is_in_envelope_2 then 0
      when abs(excursion_2) >= 2 then excursion_2
      when abs(excursion_3) >= 2 then excursion_3
      else 0
    end as excursion
  from bar_states
),

final as (
  select
    * exclude (wave_bars, excursion, is_in_envelope),
    case when push = 0 then 0 when push is not null then bar_number + 1 - push_number end::integer as push_bars,
    if(pldot is null, null, bar_number - on_dot_number)::integer as refresh_bars,
    if(run is null, null, if(wave_bars >= 2, run * wave_bars, 0))::integer as c_wave,
    if(is_in_envelope_2 is null, null, -sign(excursion))::tinyint as envelope_exhaust,
    if(is_in_envelope_2 is null, null, abs(excursion))::integer as envelope_exhaust_bars,
    if(run is null, null, bar_number - no_oscillation_number)::integer as oscillation_bars
  from bar_states
)

select * from final
