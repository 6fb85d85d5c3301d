const fixed = Array.from({ length: 7 }, (_, decimals) => {
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
})
const freely = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 })

/** Returns a number with a fixed number of decimals, or a dash. @param {number} value @param {number} [decimals] */
export function decimal(value, decimals = 2) {
  return Number.isFinite(value) ? fixed[decimals].format(value) : '–'
}

/** Returns a number with its own decimals, four at most. @param {number} value */
export function plainNumber(value) {
  return Number.isFinite(value) ? freely.format(value) : '–'
}

/** Returns a number with its sign. @param {number} value @param {number} [decimals] */
export function signed(value, decimals = 2) {
  return value > 0 ? `+${decimal(value, decimals)}` : decimal(value, decimals)
}

/** Returns `1 trade`, `2 trades`. @param {number} value @param {string} noun */
export function counted(value, noun) {
  return `${fixed[0].format(value)} ${value === 1 ? noun : plural(noun)}`
}

/** @param {string} noun */
export function plural(noun) {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
}

/** Returns an instant as `2026-01-26 14:30`, UTC. @param {number} at milliseconds */
export function instant(at) {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(0, 16).replace('T', ' ') : '–'
}

/** Returns a name of a field as words. @param {string} name */
export function words(name) {
  return name.replace(/_pct$/, ' %').replaceAll('_', ' ')
}
