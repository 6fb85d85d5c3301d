-- How well the state of a timeframe agrees with that of a higher one, from 0 to 1; null where either has no state yet. The
-- weights are those of the earlier system.
create or replace macro alignment_score_of(
  direction, state, confidence, higher_direction, higher_state, higher_confidence
) as
  case
    when direction = higher_direction then 0.5::double
    when direction = 0 or higher_direction = 0 then 0.25::double
    when direction <> higher_direction then 0
  end
  + case
    when state = higher_state then 0.2::double
    when state in ('trend', 'congestion_exit') and higher_state in ('trend', 'congestion_exit') then 0.1::double
    when starts_with(state, 'congestion') and starts_with(higher_state, 'congestion') then 0.1::double
    when state <> higher_state then 0
  end
  + (confidence + higher_confidence) / 2 * 0.3::double;

-- whether trade is permitted: when the higher timeframe does not point the other way and both agree well enough
create or replace macro permits_trade(direction, higher_direction, score) as
  (direction = higher_direction or higher_direction = 0) and score >= 0.6;
