-- check: the manifest names the symbols that the files hold
with stored as (
  select * from stored_files
),

manifest as (
  select * from manifest_symbols
),

wrong as (
  select manifest.symbol as symbol_named, found.symbol as symbol_found
  from manifest
  full join (select distinct symbol from stored) as found on manifest.symbol = found.symbol
  where manifest.symbol is null or found.symbol is null
)

select * from wrong
