/**
 * Waits until all works have ended and returns what they return. Throws the first failure, but not before: the same may be begun
 * again then.
 */
export async function allDone<Works extends readonly Promise<unknown>[]>(
  works: readonly [...Works],
): Promise<{ -readonly [Index in keyof Works]: Awaited<Works[Index]> }> {
  await Promise.allSettled(works)
  return Promise.all(works)
}
