import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { barsToPrepare, prepareGeometry, type PreparedGeometry } from '../backtest/prepare-geometry.js'
import { usualCache } from '../backtest/geometry-use.js'
import { openDatabase, type Database, type DatabaseSpec } from '../database/database.js'
import { DgasError, isInterruption, messageOf } from '../errors.js'
import { count, counted, duration } from '../format.js'
import type { Io } from '../io.js'
import { cacheFolder, type Store } from '../store/layout.js'

/** Of how many bars an import computes the geometry without having been asked to: as many as two cores do in ten seconds. */
const usualBars = { least: usualCache.leastBars, most: 1_000_000 }

/** Geometry that an import has left in the store. */
export interface ImportedGeometry extends Omit<PreparedGeometry, 'fault' | 'isOld'> {
  seconds: number
}

/** How to leave geometry in the store, and what to say of it. */
export interface GeometryRequest extends DatabaseSpec {
  store: Store
  timeframe: string
  /** Whether it is to be computed, of any number of bars; undefined: if there are neither too few nor too many. */
  isWanted: boolean | undefined
  isQuiet: boolean
  /** How many bars are neither; default: 50,000 to 1,000,000. */
  usual?: { least: number; most: number }
}

/**
 * Computes the geometry that a backtest without further choices reads of imported bars, and leaves it in the store. Returns null when
 * nothing was left there, because it is there, is not worth it, would take long, or failed; what is not there the first backtest computes.
 * Throws a `DgasError` with exit code 130 when the user ends it.
 */
export async function importGeometry(io: Pick<Io, 'err'>, request: GeometryRequest): Promise<ImportedGeometry | null> {
  const { store, timeframe, isWanted, isQuiet, usual = usualBars, ...limits } = request
  if (isWanted === false) return null
  const bars = barsToPrepare(store, timeframe)
  if (isWanted === undefined && bars < usual.least) return null
  const say = isQuiet ? () => undefined : (text: string) => io.err(`${text}\n`)
  if (isWanted === undefined && bars > usual.most) {
    say(`The first backtest computes the geometry of ${count(bars)} bars; dgas import --prepare does that at once.`)
    return null
  }
  const onBegin = (bars: number) => say(`Computing the geometry of ${count(bars)} bars, for all backtests to read; Ctrl-C leaves that to the first one.`)
  const started = performance.now()
  try {
    const { fault, isOld, ...prepared } = await interruptible({ limits, store }, (database, isStopped) => {
      return prepareGeometry(database, store, timeframe, { onBegin, isStopped })
    })
    if (fault !== null) return notLeft(io, fault)
    return isOld ? null : { ...prepared, seconds: Math.round(performance.now() - started) / 1000 }
  } catch (error) {
    if (!isInterruption(error)) return notLeft(io, messageOf(error))
    throw new DgasError({ what: 'interrupted; the bars are in the store, and the first backtest computes their geometry', exit: 130 })
  }
}

/** Returns what a terminal shows of it. */
export function geometryText({ strategy, higher, symbols, seconds }: ImportedGeometry): string {
  const beside = higher.length === 0 ? '' : ` beside ${higher.join(' and ')}`
  return `Geometry of ${counted(symbols, 'symbol')} for ${strategy}${beside}: ${duration(seconds * 1000)}\n`
}

/** The bars are there: what is only missing for speed is no failure. */
function notLeft(io: Pick<Io, 'err'>, reason: string): null {
  io.err(`warning: the geometry is left to the first backtest: ${reason}\n`)
  return null
}

/** Does work with a database of its own, which SIGINT ends; a second one ends the process. */
async function interruptible<T>(
  { limits, store }: { limits: DatabaseSpec; store: Store },
  work: (database: Database, isStopped: () => boolean) => Promise<T>,
): Promise<T> {
  const spill = join(cacheFolder(store), `spill.${process.pid}.tmp`)
  const database = await openDatabase({ ...limits, temporaryFolder: spill })
  const asked = new AbortController()
  const end = () => {
    asked.abort()
    database.interrupt()
  }
  process.once('SIGINT', end)
  try {
    return await work(database, () => asked.signal.aborted)
  } catch (error) {
    throw asked.signal.aborted ? new DgasError({ what: 'interrupted', exit: 130, cause: error }) : error
  } finally {
    process.off('SIGINT', end)
    database.close()
    rmSync(spill, { recursive: true, force: true })
  }
}
