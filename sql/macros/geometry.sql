-- Prices sit on ticks, so exact ties with a level are common. Every comparison of prices goes through these macros:
-- within 1e-9 x max(1, |price|) two prices are equal, and equal is neither above nor below.

create or replace macro price_tolerance(price) as 1e-9::double * greatest(1.0::double, abs(price));

create or replace macro is_above(price, level) as price - level > price_tolerance(price);

create or replace macro is_below(price, level) as level - price > price_tolerance(price);

-- +1 above, -1 below, 0 equal, null when either is missing
create or replace macro side_of(price, level) as
  case
    when is_above(price, level) then 1
    when is_below(price, level) then -1
    when price is not null and level is not null then 0
  end::tinyint;

-- the mean of three values, always added in the same order, so that equal inputs give equal bits
create or replace macro mean3(a, b, c) as (a + b + c) / 3;

-- the live dot: what pldot_next would be if the forming bar closed at `price`
create or replace macro live_pldot(forming_high, forming_low, price, typical_price, typical_price_before) as
  mean3((forming_high + forming_low + price) / 3, typical_price, typical_price_before);

-- +1 or -1 when three sides in a row are that, else 0; null until there are three
create or replace macro run_of(side, side_before, side_before_that) as
  case
    when side = side_before and side_before = side_before_that then side
    when side is not null and side_before is not null and side_before_that is not null then 0
  end::tinyint;

-- like least and greatest, which pass over nulls, but null when a value is missing
create or replace macro lesser(a, b) as if(a is null or b is null, null, least(a, b));

create or replace macro greater(a, b) as if(a is null or b is null, null, greatest(a, b));

-- compares two differences of prices, which are as exact as the prices that they are taken from
create or replace macro is_larger(difference, other, price) as difference - other > price_tolerance(price);

-- +1 when the dot rises for the second time, -1 when it falls, else 0; null until there are three dots
create or replace macro push_of(dot, dot_before, dot_before_that) as
  case
    when is_above(dot, dot_before) and is_above(dot_before, dot_before_that) then 1
    when is_below(dot, dot_before) and is_below(dot_before, dot_before_that) then -1
    when dot is not null and dot_before is not null and dot_before_that is not null then 0
  end::tinyint;

-- how the size of the dot's slope compares with the one before; in a run, large changes have names of their own
create or replace macro momentum_of(run, size, size_before, price) as
  case
    when run <> 0 and not is_larger(1.4::double * size_before, size, price) then 'accelerating'
    when run <> 0 and not is_larger(size, 0.5::double * size_before, price) then 'decelerating'
    when is_larger(size, 1.1::double * size_before, price) then 'increasing'
    when is_larger(0.9::double * size_before, size, price) then 'decreasing'
    when size is not null and size_before is not null then 'equidistant'
  end;

-- How a bar meets a line on whose side it closes, at or above an up line, at or below a down line: 2 it touches the line, 1 it
-- approaches the line, 0 neither or there is no line. Only one bound is needed: the close is within the bar.

create or replace macro reach_of_up(line, close, touch_low, approach_low) as
  case
    when is_above(line, close) then 0
    when not is_below(line, touch_low) then 2
    when not is_below(line, approach_low) then 1
    else 0
  end::tinyint;

create or replace macro reach_of_down(line, close, touch_high, approach_high) as
  case
    when is_below(line, close) then 0
    when not is_above(line, touch_high) then 2
    when not is_above(line, approach_high) then 1
    else 0
  end::tinyint;

-- how many of eleven values are `value`
create or replace macro count_of(value, a, b, c, d, e, f, g, h, i, j, k) as
  (a = value)::integer + (b = value)::integer + (c = value)::integer + (d = value)::integer + (e = value)::integer
    + (f = value)::integer + (g = value)::integer + (h = value)::integer + (i = value)::integer + (j = value)::integer
    + (k = value)::integer;
