import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { readCalendar } from '../store/calendar.js'
import type { Store } from '../store/layout.js'
import { parseTimeframe } from '../store/timeframe.js'
import { writeBars, type PartitionRows, type WriteCounts } from '../store/write-bars.js'
import { withImportFolder, type ImportFolder } from './folder.js'
import { createMalformed } from './malformed.js'
import { emptyTally, rejectedBarsSql, rowsRead, stagedPartitions, type Tally } from './partitions.js'
import { finishImport, writeRejects, type ImportReport, type Rejected } from './report.js'
import { withSifted } from './sift.js'
import { allYears, createImportSessions, openBarSource, stageBars, usualYears, type BarReading, type BarSource } from './stage.js'
import { parseTimeFormat } from './time-format.js'
import { parseTimezone } from './timezone.js'
import { numberFormat } from './values.js'

/** Which bars to import. */
export interface BarImportSpec {
  /** Parquet and CSV files with one row per bar. */
  files: readonly string[]
  timeframe: string
  /** Whose sessions the bars belong to; default XNYS. */
  exchange?: string
  /** IANA name of the zone of times without an offset; default UTC. */
  timezone?: string
  /** `s`, `ms`, `us` or `ns` since 1970, or a pattern of `strptime`; default: as in ISO 8601. */
  timeFormat?: string
  /** The sign before the fraction of a number in text; default a point. */
  decimal?: string
  /** The sign between thousands of a number in text; default none. */
  thousands?: string
  /** The symbol of files that have no column for it. */
  symbol?: string
}

/**
 * Brings the bars of files into the store, all usable ones or none, and returns the report, which is also in the store beside
 * the rejected rows. Throws a usage error before the store is touched when files or options cannot be right, and a
 * `DgasError` when no row can be used.
 */
export async function importBars(
  database: Database,
  store: Store,
  spec: BarImportSpec,
  now: () => Date,
): Promise<ImportReport> {
  const started = now()
  const { files, timeframe, exchange = 'XNYS', timezone = 'UTC', symbol = null } = spec
  const { timeFormat = null, decimal = '.', thousands = null } = spec
  const reading: BarReading = {
    timeframe: parseTimeframe(timeframe),
    calendar: readCalendar(store, exchange),
    timezone: await parseTimezone(database, timezone),
    timeFormat: await parseTimeFormat(database, timeFormat),
  }
  const numbers = numberFormat(decimal, thousands)
  const sources: BarSource[] = []
  for (const file of files) sources.push(await openBarSource(database, file, { symbol, numbers }))
  return withImportFolder(store, files, started, async (folder) => {
    const { rejected, counts, tally, read } = await importSources(database, store, { sources, reading, folder, started })
    const seconds = (now().getTime() - started.getTime()) / 1000
    return finishImport(folder, {
      kind: 'bars',
      files: [...files],
      store: store.folder,
      started_at: started.toISOString(),
      seconds,
      rows_read: read,
      rows_written: counts.written,
      rows_replaced: counts.replaced,
      ...rejected,
      symbols: tally.symbols.size,
      bars: {
        timeframe: reading.timeframe.name,
        exchange: reading.calendar.exchange,
        timezone: reading.timezone,
        first_session: counts.written === 0 ? null : tally.firstSession,
        last_session: counts.written === 0 ? null : tally.lastSession,
        without_volume: tally.withoutVolume,
      },
    })
  })
}

interface Work {
  sources: readonly BarSource[]
  reading: BarReading
  folder: ImportFolder
  started: Date
}

interface Done {
  counts: WriteCounts
  rejected: Rejected
  tally: Tally
  read: number
}

async function importSources(database: Database, store: Store, work: Work): Promise<Done> {
  const { sources, reading, folder, started } = work
  const rows = join(folder.work, 'rows')
  const staged = join(rows, '*.parquet')
  await stage(database, rows, work)
  const read = await rowsRead(database, staged)
  const tally = emptyTally()
  let rejected: Rejected | undefined
  async function* partitions(): AsyncGenerator<PartitionRows> {
    yield* stagedPartitions(database, staged, tally)
    // before the bars become visible: an import whose rejected rows cannot be told has failed
    rejected = await writeRejects(database, folder, rejectedBarsSql(staged, sources.map(({ file }) => file)))
    rmSync(rows, { recursive: true })
  }
  const counts = await writeBars(database, store, reading.timeframe.name, partitions(), started)
  return { counts, rejected: rejected!, tally, read }
}

async function stage(database: Database, rows: string, { sources, reading, folder }: Work): Promise<void> {
  mkdirSync(rows)
  await createMalformed(database)
  let years = usualYears
  await createImportSessions(database, reading.calendar, years)
  for (const [index, given] of sources.entries()) {
    const number = index + 1
    await withSifted(database, given, { folder: folder.work, number }, async (source) => {
      if (await stageBars(database, source, reading, { folder: rows, number, years })) return
      years = allYears
      await createImportSessions(database, reading.calendar, years)
      await stageBars(database, source, reading, { folder: rows, number, years })
    })
  }
}
