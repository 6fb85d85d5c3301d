-- Prices sit on ticks, so exact ties with a level are common. Every comparison of prices goes through these macros:
-- within 1e-9 x max(1, |price|) two prices are equal, and equal is neither above nor below.

-- `if`, because greatest takes longer
create or replace macro price_tolerance(price) as 1e-9::double * if(abs(price) > 1, abs(price), 1::double);

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

-- the red bird: what pldot_next would be if the forming bar opened and stayed at `price`, the last close
create or replace macro red_bird(price, typical_price, typical_price_before) as
  mean3(typical_price, typical_price_before, price);

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

-- how many of eleven levels lie from `lowest` to `highest`; a null lies nowhere
create or replace macro count_between(lowest, highest, a, b, c, d, e, f, g, h, i, j, k) as
  if(a between lowest and highest, 1, 0) + if(b between lowest and highest, 1, 0)
    + if(c between lowest and highest, 1, 0) + if(d between lowest and highest, 1, 0)
    + if(e between lowest and highest, 1, 0) + if(f between lowest and highest, 1, 0)
    + if(g between lowest and highest, 1, 0) + if(h between lowest and highest, 1, 0)
    + if(i between lowest and highest, 1, 0) + if(j between lowest and highest, 1, 0)
    + if(k between lowest and highest, 1, 0);
