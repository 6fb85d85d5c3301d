-- Believes that prices swing between the borders of the envelope as long as a congestion lasts: buys at its bottom and sells at its
-- top, whichever the close is nearer to, with the PLdot as the target, and leaves when a run begins.
-- @param stop_widths double = 0.5 [0.01, 10] distance of the stop beyond the border, in widths of the envelope
-- @param min_width double = 0.002 [0, 1] least width of the envelope, as a share of the price
-- @minimum_bars 7
with geometry as (
  select * from geometry where timeframe = $timeframe
),

placed as (
  select
    *,
    envelope_top_next - envelope_bottom_next as envelope_width,
    -- areas 3 and 4 are the envelope below and above the dot
    case
      when market_state = 'congestion_action' and area_next = 3 then 1
      when market_state = 'congestion_action' and area_next = 4 then -1
      else 0
    end as fade
  from geometry
),

final as (
  select
    symbol,
    bar_at,
    if(envelope_width >= $min_width * close, fade, 0) as entry,
    'limit' as order_type,
    if(fade = 1, envelope_bottom_next, envelope_top_next) as limit_price,
    1 as valid_bars,
    limit_price - fade * $stop_widths * envelope_width as stop_price,
    pldot_next as target_price,
    run <> 0 as exit_long,
    run <> 0 as exit_short,
    if(run <> 0, 'run begins', 'envelope border') as reason
  from placed
  where fade <> 0 or is_run_start
)

select * from final
