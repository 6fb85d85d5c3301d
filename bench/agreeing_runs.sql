-- Believes that a run of the focus timeframe lasts when the higher timeframe runs the same way: trades with the higher
-- run while both agree, stops beyond the far side of the envelope, takes twice the risk, and leaves when they disagree.
-- @param min_alignment double = 0.6 [0, 1] least alignment score of an entry, and below it a position is left
-- @param reward_to_risk double = 2 [0.1, 20] distance of the target as a multiple of the distance of the stop
-- @minimum_bars 7
with context as (
  select * from context where timeframe = $timeframe
),

judged as (
  select
    symbol,
    bar_at,
    close,
    envelope_top_next,
    envelope_bottom_next,
    alignment_score,
    run,
    higher_run,
    coalesce(is_trade_permitted and alignment_score >= $min_alignment, false) as is_aligned,
    coalesce(run <> 0 and run = higher_run, false) as runs_agree,
    if(higher_run = 1, envelope_bottom_next, envelope_top_next) as far_side
  from context
),

final as (
  select
    symbol,
    bar_at,
    case when runs_agree and is_aligned and (close - far_side) * run > 0 then run else 0 end as entry,
    if(entry <> 0, far_side, null) as stop_price,
    if(entry <> 0, close + $reward_to_risk * (close - far_side), null) as target_price,
    not is_aligned as exit_long,
    not is_aligned as exit_short,
    alignment_score as score,
    if(entry <> 0, 'runs agree', 'alignment broken') as reason
  from judged
  where runs_agree or not is_aligned
)

select * from final
