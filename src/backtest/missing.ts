let missing = new Float64Array(0)

/** Returns a column in which every number is missing, to be read only: all batches share it. */
export function missingNumbers(length: number): Float64Array {
  if (missing.length < length) missing = new Float64Array(length).fill(NaN)
  return missing.subarray(0, length)
}
