import type { NumberRows } from '../rows.js'

const leastRoom = 1024

/** Rows of numbers that grow at the end, one typed array of doubles per column. Rows are set in place: a row object each is slower. */
export class Growing<Name extends string> {
  /** The columns since the last `take`; longer ones take their place whenever `add` finds no room. */
  columns: Record<Name, Float64Array>
  readonly #names: readonly Name[]
  #room = leastRoom
  #length = 0

  constructor(names: readonly Name[]) {
    this.#names = names
    this.columns = each(names, () => new Float64Array(leastRoom))
  }

  /** Makes room for one more row and returns its index, at which all of `columns` are to be set. */
  add(): number {
    if (this.#length === this.#room) this.expect(2 * this.#room)
    return this.#length++
  }

  /** Makes room for at least `rows` rows in all. */
  expect(rows: number): void {
    if (rows <= this.#room) return
    this.#room = rows
    this.columns = each(this.#names, (name) => longer(this.columns[name], rows))
  }

  /** Returns the rows since the last call and forgets them. */
  take(): NumberRows<Name> {
    const length = this.#length
    const taken = { length, ...each(this.#names, (name) => this.columns[name].subarray(0, length)) } as NumberRows<Name>
    // as many may come again
    this.#room = Math.max(leastRoom, length)
    this.#length = 0
    this.columns = each(this.#names, () => new Float64Array(this.#room))
    return taken
  }
}

function each<Name extends string>(names: readonly Name[], column: (name: Name) => Float64Array): Record<Name, Float64Array> {
  return Object.fromEntries(names.map((name) => [name, column(name)])) as Record<Name, Float64Array>
}

function longer(column: Float64Array, room: number): Float64Array {
  const result = new Float64Array(room)
  result.set(column)
  return result
}
