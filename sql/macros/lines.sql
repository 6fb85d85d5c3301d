-- The termination lines, each read from two bars for the next: `high_before` and the like are those of the older bar,
-- `next_dot` is the PLdot for the next bar, `dot` the one plotted on the newer bar. "Up" lines are support, "down" lines are
-- resistance; a line that does not exist is null.

create or replace macro line_5_9_up(low, high_before) as 2 * low - high_before;

create or replace macro line_5_9_down(high, low_before) as 2 * high - low_before;

create or replace macro line_5_2_up(low, low_before) as
  if(is_below(low, low_before), 2 * low - low_before, null);

create or replace macro line_5_2_down(high, high_before) as
  if(is_above(high, high_before), 2 * high - high_before, null);

create or replace macro line_5_1_up(high, close, high_before) as
  if(is_below(high, high_before) and is_below(2 * high - high_before, close), 2 * high - high_before, null);

create or replace macro line_5_1_down(low, close, low_before) as
  if(is_above(low, low_before) and is_above(2 * low - low_before, close), 2 * low - low_before, null);

create or replace macro line_5_3_up(low, close, low_before) as
  if(is_above(low, low_before) and not is_above(2 * low - low_before, close), 2 * low - low_before, null);

create or replace macro line_5_3_down(high, close, high_before) as
  if(is_below(high, high_before) and not is_below(2 * high - high_before, close), 2 * high - high_before, null);

create or replace macro line_6_1_up(high, close, next_dot) as
  if(is_below(2 * next_dot - high, close), 2 * next_dot - high, null);

create or replace macro line_6_1_down(low, close, next_dot) as
  if(is_above(2 * next_dot - low, close), 2 * next_dot - low, null);

create or replace macro line_6_5_up(low, close, next_dot) as
  if(not is_above(2 * next_dot - low, close) and not is_below(next_dot, low), 2 * next_dot - low, null);

create or replace macro line_6_5_down(high, close, next_dot) as
  if(not is_below(2 * next_dot - high, close) and not is_above(next_dot, high), 2 * next_dot - high, null);

create or replace macro line_6_7_up(low, next_dot) as if(is_below(next_dot, low), 2 * next_dot - low, null);

create or replace macro line_6_7_down(high, next_dot) as if(is_above(next_dot, high), 2 * next_dot - high, null);

create or replace macro line_6_6_up(high, low, dot) as
  if(not is_above(low, dot) and not is_below(high, dot), 3 * low - 2 * dot, null);

create or replace macro line_6_6_down(high, low, dot) as
  if(not is_above(low, dot) and not is_below(high, dot), 3 * high - 2 * dot, null);

-- The closed lines, where the gap towards the close before was not filled.

create or replace macro line_5_1_up_closed(high, close, high_before, close_before) as
  if(
    is_below(high, high_before) and is_below(high, close_before) and is_below(2 * close_before - high_before, close),
    2 * close_before - high_before,
    null
  );

create or replace macro line_5_1_down_closed(low, close, low_before, close_before) as
  if(
    is_above(low, low_before) and is_above(low, close_before) and is_above(2 * close_before - low_before, close),
    2 * close_before - low_before,
    null
  );

create or replace macro line_5_3_up_closed(low, close, low_before, close_before) as
  if(
    is_above(low, low_before) and is_above(low, close_before)
      and not is_above(2 * close_before - low_before, close),
    2 * close_before - low_before,
    null
  );

create or replace macro line_5_3_down_closed(high, close, high_before, close_before) as
  if(
    is_below(high, high_before) and is_below(high, close_before)
      and not is_below(2 * close_before - high_before, close),
    2 * close_before - high_before,
    null
  );

create or replace macro line_5_9_up_closed(low, high_before, close_before) as
  if(is_above(low, close_before), 2 * close_before - high_before, null);

create or replace macro line_5_9_down_closed(high, low_before, close_before) as
  if(is_below(high, close_before), 2 * close_before - low_before, null);
