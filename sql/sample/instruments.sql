-- grain: one row per synthetic instrument; `number` runs from 0 to $symbols - 1, at most 29,160
with industries as (
  select * from (values
    (0, 0, 'Energy', 'Oil & Gas Production', 'Petroleum'),
    (0, 1, 'Energy', 'Oil & Gas Equipment', 'Drilling'),
    (0, 2, 'Energy', 'Pipelines', 'Pipelines'),
    (1, 0, 'Materials', 'Chemicals', 'Chemicals'),
    (1, 1, 'Materials', 'Metals & Mining', 'Mining'),
    (1, 2, 'Materials', 'Packaging', 'Packaging'),
    (2, 0, 'Industrials', 'Machinery', 'Machines'),
    (2, 1, 'Industrials', 'Aerospace', 'Aerospace'),
    (2, 2, 'Industrials', 'Freight', 'Freight'),
    (3, 0, 'Consumer Discretionary', 'Apparel', 'Apparel'),
    (3, 1, 'Consumer Discretionary', 'Restaurants', 'Kitchens'),
    (3, 2, 'Consumer Discretionary', 'Automobiles', 'Motors'),
    (4, 0, 'Consumer Staples', 'Packaged Foods', 'Foods'),
    (4, 1, 'Consumer Staples', 'Beverages', 'Beverages'),
    (4, 2, 'Consumer Staples', 'Household Products', 'Household'),
    (5, 0, 'Health Care', 'Biotechnology', 'Biologics'),
    (5, 1, 'Health Care', 'Medical Devices', 'Medical'),
    (5, 2, 'Health Care', 'Pharmaceuticals', 'Pharma'),
    (6, 0, 'Financials', 'Banks', 'Bancorp'),
    (6, 1, 'Financials', 'Insurance', 'Insurance'),
    (6, 2, 'Financials', 'Capital Markets', 'Capital'),
    (7, 0, 'Information Technology', 'Software', 'Software'),
    (7, 1, 'Information Technology', 'Semiconductors', 'Semiconductors'),
    (7, 2, 'Information Technology', 'Hardware', 'Systems'),
    (8, 0, 'Communication Services', 'Telecommunication', 'Telecom'),
    (8, 1, 'Communication Services', 'Media', 'Media'),
    (8, 2, 'Communication Services', 'Entertainment', 'Studios'),
    (9, 0, 'Utilities', 'Electric Utilities', 'Electric'),
    (9, 1, 'Utilities', 'Water Utilities', 'Water'),
    (9, 2, 'Utilities', 'Gas Utilities', 'Gas'),
    (10, 0, 'Real Estate', 'Office', 'Properties'),
    (10, 1, 'Real Estate', 'Residential', 'Residences'),
    (10, 2, 'Real Estate', 'Industrial', 'Logistics Trust')
  ) industries(sector_number, industry_number, sector, industry, word)
),

-- 7919 shares no factor with the 18 * 5 * 18 * 18 pronounceable symbols, so that no two numbers get the same one
coded as (
  select
    number,
    (number * 7919 + 11003) % 29160 as code,
    number % 11 as sector_number,
    (number // 11) % 3 as industry_number
  from range($symbols) numbers(number)
),

spelled as (
  select
    number,
    sector_number,
    industry_number,
    substr('BDFGHJKLMNPRSTVWXZ', code // 1620 + 1, 1)
    || substr('AEIOU', code // 324 % 5 + 1, 1)
    || substr('BDFGHJKLMNPRSTVWXZ', code // 18 % 18 + 1, 1)
    || substr('BDFGHJKLMNPRSTVWXZ', code % 18 + 1, 1) as symbol
  from coded
),

final as (
  select
    spelled.number,
    spelled.sector_number,
    spelled.symbol,
    left(spelled.symbol, 1) || lower(right(spelled.symbol, 3))
    || (['on', 'ia', 'ex', 'ara', 'er'])[spelled.number % 5 + 1]
    || ' ' || industries.word
    || (['', ' Corp', ' Group', ' Holdings'])[spelled.number % 4 + 1] as name,
    'XNYS' as exchange,
    industries.sector,
    industries.industry
  from spelled
  join industries using (sector_number, industry_number)
)

select * from final
