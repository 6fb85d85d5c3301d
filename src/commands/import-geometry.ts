import { accessSync, constants, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { usualCache } from '../backtest/geometry-use.js'
import { barsToPrepare, prepareGeometry, type PreparedGeometry } from '../backtest/prepare-geometry.js'
import { openDatabase, type Database, type DatabaseSpec } from '../database/database.js'
import { DgasError, isInterruption, messageOf } from '../errors.js'
import { count, counted, duration } from '../format.js'
import type { Io } from '../io.js'
import type { Log } from '../log.js'
import { fileError } from '../store/files.js'
import { cacheFolder, type Store } from '../store/layout.js'
import { progressBar, type ProgressBar } from './progress-bar.js'

/** Of how many bars an import computes the geometry without having been asked to: as many as two cores do in ten seconds. */
const usualBars = { least: usualCache.leastBars, most: 1_000_000 }

/** Geometry that an import has left in the store. */
export interface ImportedGeometry extends PreparedGeometry {
  seconds: number
}

/** How to leave geometry in the store, and what to say of it. */
export interface GeometryRequest extends DatabaseSpec {
  store: Store
  timeframe: string
  /** Bars that the import has written. */
  written: number
  /** Whether it is to be computed in any case; undefined: of at least half as many imported bars as there are, if not of too few or too many. */
  isWanted: boolean | undefined
  isQuiet: boolean
  log: Log
  /** How many bars are neither too few nor too many; default: 50,000 to 1,000,000. */
  usual?: { least: number; most: number }
}

/**
 * Computes the geometry that a backtest without further choices reads of imported bars, and leaves it in the store. Returns null when
 * nothing was left there, because it is there, is not worth it, would take long, or failed; what is not there the first backtest computes.
 * Throws a `DgasError` with exit code 130 when the user ends it.
 */
export async function importGeometry(io: Io, request: GeometryRequest): Promise<ImportedGeometry | null> {
  const { store, timeframe, written, isWanted, isQuiet, log, usual = usualBars, ...limits } = request
  if (isWanted === false || (isWanted === undefined && (written < usual.least / 2 || barsToPrepare(store, timeframe) < usual.least))) return null
  const bar = await progressBar(io, isQuiet)
  const onBegin = (bars: number) => {
    if (isWanted === undefined && (bars < usual.least || written * 2 < bars)) return false
    if (isWanted === undefined && bars > usual.most) {
      bar.print(`The first backtest computes the geometry of ${count(bars)} bars; with --prepare an import does.\n`)
      return false
    }
    bar.print(`Computing the geometry of ${count(bars)} bars; Ctrl-C leaves it to the first backtest.\n`)
    return true
  }
  const started = performance.now()
  try {
    assertWritable(cacheFolder(store))
    const prepared = await interruptible({ limits, store, bar }, (database, isStopped) => {
      return prepareGeometry(database, store, timeframe, { onBegin, observe: bar.update, isStopped })
    })
    if (prepared === null) return null
    const geometry = { ...prepared, seconds: Math.round(performance.now() - started) / 1000 }
    log('info', 'geometry_prepared', { ...geometry })
    return geometry
  } catch (error) {
    if (isInterruption(error)) throw error
    log('warning', 'geometry_not_prepared', { timeframe, reason: messageOf(error) })
    io.err(`warning: the geometry is left to backtests: ${messageOf(error)}\n`)
    return null
  } finally {
    bar.stop()
  }
}

/** Returns what a terminal shows of it. */
export function geometryText({ strategy, higher, symbols, seconds }: ImportedGeometry): string {
  const beside = higher.length === 0 ? '' : ` beside ${higher.join(' and ')}`
  return `Geometry of ${counted(symbols, 'symbol')} for ${strategy}${beside}: ${duration(seconds * 1000)}\n`
}

/** Throws a `DgasError` when nothing can be left in a folder: before all is computed in vain. */
function assertWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw fileError(error, folder)
  }
}

/** Does work with a database of its own, which SIGINT ends; a second one ends the process. */
async function interruptible<T>(
  { limits, store, bar }: { limits: DatabaseSpec; store: Store; bar: ProgressBar },
  work: (database: Database, isStopped: () => boolean) => Promise<T>,
): Promise<T> {
  const spill = join(cacheFolder(store), `spill.${process.pid}.tmp`)
  const database = await openDatabase({ ...limits, temporaryFolder: spill })
  const asked = new AbortController()
  const end = () => {
    asked.abort()
    bar.stop()
    database.interrupt()
  }
  process.once('SIGINT', end)
  try {
    return await work(database, () => asked.signal.aborted)
  } catch (error) {
    if (!asked.signal.aborted) throw error
    throw new DgasError({ what: 'interrupted; the bars are in the store, and the first backtest computes their geometry', exit: 130, cause: error })
  } finally {
    process.off('SIGINT', end)
    database.close()
    removeLeftover(spill)
  }
}

/** What cannot be removed is no reason to fail: dgas doctor finds it. */
function removeLeftover(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // as after a process that was killed
  }
}
