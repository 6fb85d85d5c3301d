import { byId } from './dom.js'

/**
 * @typedef {{ unit: number, from?: string, steps: (number | null)[] }} PackedNumbers
 * @typedef {{ names: string[], codes: number[] }} PackedTexts
 * @typedef {{ length: number, columns: Record<string, PackedNumbers | PackedTexts> }} PackedTable
 * @typedef {{ length: number, number: Record<string, Float64Array>, text: Record<string, { names: string[], codes: Int32Array }> }} Table
 */

/** Returns a part of the data of the page, which stand in it compressed. @param {string} name @returns {Promise<any>} */
export async function readData(name) {
  const text = byId(`data-${name}`).textContent
  const bytes = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0))
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(plain).json()
}

/** Returns columns as arrays: missing numbers are NaN, missing texts -1. @param {PackedTable} packed @returns {Table} */
export function unpack({ length, columns }) {
  /** @type {Table} */
  const table = { length, number: {}, text: {} }
  for (const [name, column] of Object.entries(columns)) {
    if ('codes' in column) table.text[name] = { names: column.names, codes: Int32Array.from(column.codes) }
    else table.number[name] = unpackNumbers(column, table)
  }
  return table
}

/** @param {PackedNumbers} column @param {Table} table */
function unpackNumbers({ unit, from, steps }, table) {
  const other = from === undefined || from === 'before' ? null : table.number[from]
  const values = new Float64Array(steps.length)
  // dividing by a whole number gives the decimal that was meant, multiplying by 0.01 does not
  const [times, per] = unit < 1 ? [1, Math.round(1 / unit)] : [unit, 1]
  let before = 0
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]
    const base = other === null ? before : Math.round((other[i] || 0) * per / times)
    if (step === null) {
      values[i] = NaN
      continue
    }
    values[i] = (base + step) * times / per
    if (from === 'before') before += step
  }
  return values
}

/** Returns the text of a column in a row, or null. @param {Table} table @param {string} name @param {number} row */
export function textAt(table, name, row) {
  const { names, codes } = table.text[name]
  return codes[row] === -1 ? null : names[codes[row]]
}
