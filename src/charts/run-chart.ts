import type { Database } from '../database/database.js'
import type { ChartOptions, Spec } from './frame.js'

/** How a chart of a run looks, and which sessions it shows. */
export interface RunChartOptions extends ChartOptions {
  /** First session, as `2026-01-26`. Default: the first of the run. */
  from?: string
  /** Last session. Default: the last of the run. */
  to?: string
}

/** A chart of a run, drawn from the relations of the run alone. */
export interface RunChart {
  /** As in `dgas chart --run latest --chart <name>`. */
  name: string
  title: string
  /** What it shows, in one sentence; stands for the picture where that cannot be seen. */
  description: string
  /** What a run must have for it, unless it is bars and trades in the sessions that are asked for. */
  needs?: string
  /**
   * Returns the chart of the run `runId`, or null when there is nothing to draw, such as trades of a run that has none.
   * `database` has the relations of `createChartRelations`.
   */
  draw: (database: Database, runId: string, options?: RunChartOptions) => Promise<Spec | null>
}
