-- The patterns that a symbol has shown lately, in one number: `recent_patterns` has a bit for each kind and direction, those of
-- the last ten bars. Kinds are 1 push, 2 refresh, 3 exhaust, 4 termination touch, 5 c-wave, 6 envelope exhaust.

-- the bit of a kind of pattern; 0 when the direction is 0 or null
create or replace macro pattern_bit(kind, direction) as
  case when direction > 0 then (1 << kind)::smallint when direction < 0 then (128 << kind)::smallint else 0::smallint end;

-- those of some patterns that point in a direction
create or replace macro patterns_towards(patterns, direction) as
  case when direction > 0 then patterns & 127 when direction < 0 then patterns >> 7 & 127 when direction = 0 then 0 end;

-- their names; direction 1 for the bullish ones, -1 for the bearish ones
create or replace macro pattern_names(patterns, direction) as
  concat_ws(
    ', ',
    if(patterns_towards(patterns, direction) & 2 <> 0, 'push', null),
    if(patterns_towards(patterns, direction) & 4 <> 0, 'refresh', null),
    if(patterns_towards(patterns, direction) & 8 <> 0, 'exhaust', null),
    if(patterns_towards(patterns, direction) & 16 <> 0, 'termination_touch', null),
    if(patterns_towards(patterns, direction) & 32 <> 0, 'c_wave', null),
    if(patterns_towards(patterns, direction) & 64 <> 0, 'envelope_exhaust', null)
  );

-- whether a bar shows a pattern in a direction that is at least so strong
create or replace macro has_pattern(
  direction, strength, push, push_bars, c_wave, refresh, refresh_bars, termination_touch, termination_count
) as
  coalesce(push = direction and push_bars >= strength, false)
    or coalesce(c_wave * direction >= strength, false)
    or coalesce(refresh = direction and refresh_bars >= strength, false)
    or coalesce(termination_touch = direction and termination_count >= strength, false);
