/** Takes the next piece of the output; the one after it is made when this one has left. */
export type Write = (text: string) => void | Promise<void>

/** How much was written. */
export interface Written {
  rows: number
  columns: number
  /** Fewer than `columns` when a table was too wide. */
  columnsShown: number
}
