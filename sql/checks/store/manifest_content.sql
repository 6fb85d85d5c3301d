-- check: a file has the rows and the values that the manifest says of it
with contents as (
  select * from stored_contents
),

manifest as (
  select * from manifest_partitions
),

wrong as (
  select file, manifest.rows as rows_named, contents.rows as rows_found
  from manifest
  join contents using (file)
  where manifest.rows <> contents.rows or manifest.data_hash <> contents.data_hash
)

select * from wrong
