-- grain: one row per symbol and bar of a timeframe, with the run, the congestion and the streaks that it belongs to. Only what
-- lies before a bar is looked at: everything is the last value of something that happened.
with moves as (
  select * from moves
),

placed as (
  select
    * exclude (is_on_dot),
    -- number and run of the latest entrance in one: each window costs its share
    last_value(if(is_entrance, bar_number * run_1, null) ignore nulls) over so_far as signed_entrance,
    last_value(if(is_run_start, bar_number, null) ignore nulls) over so_far as run_number,
    last_value(if(is_entrance, high, null) ignore nulls) over so_far as entrance_high,
    last_value(if(is_entrance, low, null) ignore nulls) over so_far as entrance_low,
    last_value(case when is_entrance then -run_1 when side <> 0 then side end ignore nulls) over before_bar
      as previous_direction,
    last_value(if(push is distinct from push_of(pldot, pldot_1, pldot_2), bar_number, null) ignore nulls) over so_far
      as push_number,
    last_value(if(is_on_dot, bar_number, null) ignore nulls) over before_bar as on_dot_number,
    last_value(if(is_wave, null, bar_number) ignore nulls) over so_far as no_wave_number,
    last_value(if(far_side = 1, null, bar_number) ignore nulls) over so_far as not_far_above_number,
    last_value(if(far_side = -1, null, bar_number) ignore nulls) over so_far as not_far_below_number,
    lag(envelope_position) over by_bar as envelope_position_1,
    lag(is_in_envelope, 1) over by_bar as is_in_envelope_1,
    lag(is_in_envelope, 2) over by_bar as is_in_envelope_2,
    lag(is_wave) over by_bar as is_wave_1,
    lag(far_side, 1) over by_bar as far_side_1,
    lag(far_side, 2) over by_bar as far_side_2,
    lag(far_side, 3) over by_bar as far_side_3,
    lag(far_side, 4) over by_bar as far_side_4,
    bit_or(moves_shown) over last_bars as recent_moves
  from moves
  window
    by_bar as (partition by symbol order by bar_at),
    so_far as (partition by symbol order by bar_at rows between unbounded preceding and current row),
    before_bar as (partition by symbol order by bar_at rows between unbounded preceding and 1 preceding),
    last_bars as (partition by symbol order by bar_at rows between 9 preceding and current row)
),

final as (
  select
    * exclude (far_side, moves_shown, signed_entrance),
    sign(signed_entrance)::tinyint as previous_run,
    case when is_entrance then -run_1 when side <> 0 then side else previous_direction end as latest_direction,
    abs(signed_entrance) as entrance_number,
    coalesce(run = 0 and signed_entrance is not null, false) as is_congestion
  from placed
)

select * from final
