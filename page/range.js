/**
 * The time range of the page, as places of the first and the last session shown. Everything that shows time follows it.
 * @typedef {{ from: number, to: number }} Range
 * @typedef {ReturnType<typeof timeRange>} TimeRange
 */

/** @param {string[]} sessions dates of all sessions of the run, ascending */
export function timeRange(sessions) {
  const last = sessions.length - 1
  /** @type {Range} */
  let range = { from: 0, to: last }
  /** @type {((range: Range) => void)[]} */
  const followers = []
  return {
    sessions,
    get: () => range,
    isWhole: () => range.from === 0 && range.to === last,
    /** The first and the last date of the range. */
    dates: () => [sessions[range.from], sessions[range.to]],
    /** Sets the range; places beyond the ends are moved to them. @param {number} from @param {number} to */
    set(from, to) {
      const [a, b] = [from, to].sort((x, y) => x - y).map((place) => Math.min(last, Math.max(0, Math.round(place))))
      if (a === range.from && b === range.to) return
      range = { from: a, to: b }
      for (const follow of followers) follow(range)
    },
    /** Calls `follow` after each change. @param {(range: Range) => void} follow */
    follow: (follow) => void followers.push(follow),
  }
}

/** Returns the place of the first session on or after a date. @param {string[]} sessions @param {string} date */
export function placeOf(sessions, date) {
  const place = sessions.findIndex((session) => session >= date)
  return place === -1 ? sessions.length : place
}

/** Returns the places at which ranges that end with the last session begin. @param {string[]} sessions @returns {[name: string, from: number][]} */
export function presets(sessions) {
  const end = sessions[sessions.length - 1]
  const back = (/** @type {number} */ months) => {
    const day = new Date(`${end}T00:00:00Z`)
    day.setUTCMonth(day.getUTCMonth() - months)
    return placeOf(sessions, day.toISOString().slice(0, 10))
  }
  /** @type {[string, number][]} */
  const all = [['1 month', back(1)], ['3 months', back(3)], ['1 year', back(12)], ['5 years', back(60)]]
  return all.filter(([, from]) => from > 0 && from < sessions.length - 1)
}
