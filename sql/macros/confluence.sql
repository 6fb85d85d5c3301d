-- What the confluence of timeframes is made of: levels of the higher timeframes, the anchors, and those of the traded one that
-- confirm them. A missing level is null and confirms nothing.

create or replace macro at_most(level, highest) as if(level < highest, level, null);

create or replace macro at_least(level, lowest) as if(level > lowest, level, null);

-- A first look at what may lie within reach of what: prices are counted off from `origin` in cells of a reach, of which the last
-- holds all that is further away. Two prices within reach of each other lie in the same cell or in neighbouring ones.
create or replace macro cell_of(price, origin, reach) as
  least(abs(origin - price) / (1.001::double * reach), 62)::utinyint;

create or replace macro cell_bit(price, origin, reach) as
  if(price is null, 0::ubigint, 1::ubigint << cell_of(price, origin, reach));

create or replace macro cells_of(origin, reach, a, b, c, d, e, f, g, h, i, j, k, l, m) as
  cell_bit(a, origin, reach) | cell_bit(b, origin, reach) | cell_bit(c, origin, reach)
    | cell_bit(d, origin, reach) | cell_bit(e, origin, reach) | cell_bit(f, origin, reach)
    | cell_bit(g, origin, reach) | cell_bit(h, origin, reach) | cell_bit(i, origin, reach)
    | cell_bit(j, origin, reach) | cell_bit(k, origin, reach) | cell_bit(l, origin, reach)
    | cell_bit(m, origin, reach);

-- some cells and their neighbours
create or replace macro cells_around(cells) as cells | ((cells & 4611686018427387903) << 1) | (cells >> 1);

-- the anchor if it lies between two prices and within reach of a level, else null; `cells` are those around the levels
create or replace macro confirmed_level(
  lowest, highest, origin, reach, cells, anchor,
  level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l, level_m
) as
  case
    when anchor between lowest and highest and (cells >> cell_of(anchor, origin, reach)) & 1 = 1 and least(
      abs(anchor - level_a), abs(anchor - level_b), abs(anchor - level_c), abs(anchor - level_d),
      abs(anchor - level_e), abs(anchor - level_f), abs(anchor - level_g), abs(anchor - level_h),
      abs(anchor - level_i), abs(anchor - level_j), abs(anchor - level_k), abs(anchor - level_l),
      abs(anchor - level_m)
    ) <= reach then anchor
  end;

-- a list of the anchors, each null unless confirmed
create or replace macro confirmed_levels(
  lowest, highest, origin, reach, cells,
  anchor_a, anchor_b, anchor_c, anchor_d, anchor_e, anchor_f, anchor_g, anchor_h, anchor_i, anchor_j, anchor_k,
  anchor_l, anchor_m, anchor_n,
  level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l, level_m
) as [
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_a,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_b,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_c,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_d,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_e,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_f,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_g,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_h,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_i,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_j,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_k,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_l,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_m,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  ),
  confirmed_level(
    lowest, highest, origin, reach, cells, anchor_n,
    level_a, level_b, level_c, level_d, level_e, level_f, level_g, level_h, level_i, level_j, level_k, level_l,
    level_m
  )
];

-- Of the levels within reach of an anchor: how many, their sum, the lowest and the highest.

create or replace macro count_near(anchor, reach, a, b, c, d, e, f, g, h, i, j, k, l, m) as
  if(abs(a - anchor) <= reach, 1, 0)
    + if(abs(b - anchor) <= reach, 1, 0)
    + if(abs(c - anchor) <= reach, 1, 0)
    + if(abs(d - anchor) <= reach, 1, 0)
    + if(abs(e - anchor) <= reach, 1, 0)
    + if(abs(f - anchor) <= reach, 1, 0)
    + if(abs(g - anchor) <= reach, 1, 0)
    + if(abs(h - anchor) <= reach, 1, 0)
    + if(abs(i - anchor) <= reach, 1, 0)
    + if(abs(j - anchor) <= reach, 1, 0)
    + if(abs(k - anchor) <= reach, 1, 0)
    + if(abs(l - anchor) <= reach, 1, 0)
    + if(abs(m - anchor) <= reach, 1, 0);

create or replace macro sum_near(anchor, reach, a, b, c, d, e, f, g, h, i, j, k, l, m) as
  if(abs(a - anchor) <= reach, a, 0)
    + if(abs(b - anchor) <= reach, b, 0)
    + if(abs(c - anchor) <= reach, c, 0)
    + if(abs(d - anchor) <= reach, d, 0)
    + if(abs(e - anchor) <= reach, e, 0)
    + if(abs(f - anchor) <= reach, f, 0)
    + if(abs(g - anchor) <= reach, g, 0)
    + if(abs(h - anchor) <= reach, h, 0)
    + if(abs(i - anchor) <= reach, i, 0)
    + if(abs(j - anchor) <= reach, j, 0)
    + if(abs(k - anchor) <= reach, k, 0)
    + if(abs(l - anchor) <= reach, l, 0)
    + if(abs(m - anchor) <= reach, m, 0);

create or replace macro least_near(anchor, reach, a, b, c, d, e, f, g, h, i, j, k, l, m) as
  least(
    if(abs(a - anchor) <= reach, a, null),
    if(abs(b - anchor) <= reach, b, null),
    if(abs(c - anchor) <= reach, c, null),
    if(abs(d - anchor) <= reach, d, null),
    if(abs(e - anchor) <= reach, e, null),
    if(abs(f - anchor) <= reach, f, null),
    if(abs(g - anchor) <= reach, g, null),
    if(abs(h - anchor) <= reach, h, null),
    if(abs(i - anchor) <= reach, i, null),
    if(abs(j - anchor) <= reach, j, null),
    if(abs(k - anchor) <= reach, k, null),
    if(abs(l - anchor) <= reach, l, null),
    if(abs(m - anchor) <= reach, m, null)
  );

create or replace macro greatest_near(anchor, reach, a, b, c, d, e, f, g, h, i, j, k, l, m) as
  greatest(
    if(abs(a - anchor) <= reach, a, null),
    if(abs(b - anchor) <= reach, b, null),
    if(abs(c - anchor) <= reach, c, null),
    if(abs(d - anchor) <= reach, d, null),
    if(abs(e - anchor) <= reach, e, null),
    if(abs(f - anchor) <= reach, f, null),
    if(abs(g - anchor) <= reach, g, null),
    if(abs(h - anchor) <= reach, h, null),
    if(abs(i - anchor) <= reach, i, null),
    if(abs(j - anchor) <= reach, j, null),
    if(abs(k - anchor) <= reach, k, null),
    if(abs(l - anchor) <= reach, l, null),
    if(abs(m - anchor) <= reach, m, null)
  );
