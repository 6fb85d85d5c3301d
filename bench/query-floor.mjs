// The least that a query can take: a process that loads DuckDB and counts the rows of the stored files.
// Usage: node bench/query-floor.mjs STORE
import { DuckDBInstance } from '@duckdb/node-api'

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const reader = await connection.runAndReadAll(`select count(*) from read_parquet('${process.argv[2]}/bars/*/*/*.parquet')`)
console.log(String(reader.getRows()[0][0]))
