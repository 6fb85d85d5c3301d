import { freemem } from 'node:os'
import type { Database } from '../database/database.js'

/** What the heaviest strategy that comes with dgas was seen to need for each bar of a batch, with some room, in bytes. */
const bytesPerBar = 4000

/** Of two batches that are in memory side by side, one being simulated while the next is computed: some 1 GB with the heaviest strategy. */
const mostBars = 400_000

/** Of a batch that has none beside it: to begin a batch takes the heaviest strategy as long as some 50,000 bars. */
const mostBarsAlone = 1_000_000

/** With fewer, most of the time goes into beginning and ending batches. */
const leastBars = 20_000

/** What the database may use: `memory` in bytes. */
export interface Resources {
  threads: number
  memory: number
}

/**
 * Returns how many bars a batch has by default, as many as memory is enough for. `bars` are all that a run has, if one process does
 * it: few enough are one batch.
 */
export function usualBatchBars({ memory }: Pick<Resources, 'memory'>, bars = Infinity): number {
  const room = Math.max(leastBars, Math.floor(memory / bytesPerBar))
  const alone = Math.min(mostBarsAlone, room)
  return bars <= alone ? alone : Math.min(mostBars, room)
}

/** Returns what a database may use: its threads, and the lesser of its memory limit and half of what is free. */
export async function resourcesOf(database: Database): Promise<Resources> {
  const [{ threads, limit }] = await database.rows<{ threads: number; limit: string }>(`
    select current_setting('threads') as threads, current_setting('memory_limit') as limit`)
  return { threads, memory: Math.min(bytesOf(limit), available() / 2) }
}

/** Inside a container, what is left to it. */
function available(): number {
  const { availableMemory } = process as { availableMemory?: () => number }
  return availableMemory?.() ?? freemem()
}

const units: Readonly<Record<string, number>> = { bytes: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, PiB: 2 ** 50 }

/** Reads a size as the database prints it, such as `476.8 MiB`. */
export function bytesOf(text: string): number {
  const [number, unit] = text.split(' ')
  return Number(number) * units[unit]
}
