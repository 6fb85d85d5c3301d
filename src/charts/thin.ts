/**
 * Returns at most about `maximum` rows of a series: the first and the last, and of each of equally long pieces the rows where one
 * of `values` is lowest or highest, so that no extreme is lost.
 */
export function thinned<Row>(rows: readonly Row[], maximum: number, values: readonly ((row: Row) => number)[]): readonly Row[] {
  if (rows.length <= maximum) return rows
  const size = Math.ceil((rows.length * values.length * 2) / maximum)
  const kept = new Set<number>([0, rows.length - 1])
  for (let start = 0; start < rows.length; start += size) {
    const places = Array.from({ length: Math.min(size, rows.length - start) }, (_, at) => start + at)
    for (const value of values) {
      const best = (isBetter: (a: number, b: number) => boolean) => {
        return places.reduce((found, at) => (isBetter(value(rows[at]), value(rows[found])) ? at : found))
      }
      kept.add(best((a, b) => a < b)).add(best((a, b) => a > b))
    }
  }
  return rows.filter((_, at) => kept.has(at))
}
