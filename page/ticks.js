const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The calendar units of labels, the finest first. @type {{ key: (date: string) => string | number, isDay: boolean }[]} */
const units = [
  { key: (date) => date, isDay: true },
  { key: (date) => Math.floor((Date.parse(date) / 86_400_000 - 4) / 7), isDay: true },
  ...[1, 3, 6].map((months) => ({ key: (/** @type {string} */ date) => Math.floor(monthOf(date) / months), isDay: false })),
  ...[1, 2, 5, 10].map((years) => ({ key: (/** @type {string} */ date) => Math.floor(Number(date.slice(0, 4)) / years), isDay: false })),
]

/**
 * Returns at most `most` ticks at the first places of days, weeks, months or years, whose years are written where they change.
 * @param {{ i: number, session: string }[]} places in the order of time @param {number} most
 * @returns {{ i: number, label: string[] }[]}
 */
export function sessionTicks(places, most) {
  // the name of a month or a year is shorter than a date
  const unit = units.find(({ key, isDay }) => starts(places, key).length <= Math.max(2, isDay ? most : most * 1.5)) ?? units[units.length - 1]
  const found = starts(places, unit.key)
  const spacing = (places[places.length - 1].i - places[0].i) / Math.max(1, most)
  // the first unit may be cut off: its label gives way to the next one
  const kept = found.filter(({ i }, at) => at > 0 || found.length === 1 || found[1].i - i > spacing * 0.75)
  return kept.map(({ i, session }, at) => {
    const [year, month, day] = session.split('-')
    const name = unit.isDay ? `${monthNames[Number(month) - 1]} ${Number(day)}` : monthNames[Number(month) - 1]
    return { i, label: at === 0 || kept[at - 1].session.slice(0, 4) !== year ? [name, year] : [name] }
  })
}

/** @param {{ i: number, session: string }[]} places @param {(date: string) => string | number} key */
function starts(places, key) {
  return places.filter(({ session }, at) => at === 0 || key(session) !== key(places[at - 1].session))
}

/** @param {string} date */
function monthOf(date) {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1
}
