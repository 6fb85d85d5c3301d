/** A bar, or whatever stands for a session, at place `i` of an axis. */
export interface AxisPlace {
  i: number
  /** Its opening instant in milliseconds UTC. */
  at: number
  /** Its session, as `2026-01-26`. */
  session: string
}

/** A tick of an axis that counts bars: the place of the bar and the lines of its label. */
export interface BarTick {
  i: number
  label: string[]
}

/** A bar with the time since the first bar of its session, in milliseconds. */
interface Place extends AxisPlace {
  since: number
}

/** A calendar unit that ticks can stand at: `key` differs between any two units, `label` names one. */
interface Unit {
  key: (place: Place) => string
  label: (place: Place) => string
  /** What the second line says, where it changes. */
  context: (place: Place) => string
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const day = 86_400_000

const monthOf = ({ session }: Place) => months[Number(session.slice(5, 7)) - 1]
const yearOf = ({ session }: Place) => session.slice(0, 4)
const dayOf = (place: Place) => `${monthOf(place)} ${Number(place.session.slice(8))}`
const timeOfDay = ({ at }: Place) => new Date(at).toISOString().slice(11, 16)
const hourStart = (hours: number) => ({ session, since }: Place) => {
  return `${session} ${Math.floor(since / 3_600_000 / hours)}`
}
const monthStart = (count: number) => ({ session }: Place) => {
  return String(Math.floor((Number(session.slice(0, 4)) * 12 + Number(session.slice(5, 7)) - 1) / count))
}
const yearStart = (count: number) => (place: Place) => String(Math.floor(Number(yearOf(place)) / count))
/** 1970-01-05 was a Monday. */
const weekStart = ({ session }: Place) => String(Math.floor((Date.parse(session) / day - 4) / 7))

const units: readonly Unit[] = [
  { key: (place) => String(place.at), label: timeOfDay, context: dayOf },
  ...[1, 2, 4].map((hours) => ({ key: hourStart(hours), label: timeOfDay, context: dayOf })),
  { key: (place) => place.session, label: dayOf, context: yearOf },
  { key: weekStart, label: dayOf, context: yearOf },
  ...[1, 3, 6].map((count) => ({ key: monthStart(count), label: monthOf, context: yearOf })),
  ...[1, 2, 5, 10, 20].map((count) => ({ key: yearStart(count), label: yearOf, context: () => '' })),
]

/**
 * Returns at most `maximum` ticks at the first bars of the finest calendar unit that allows it: bars, hours from the
 * session's first bar, sessions, weeks, months, years. Nights and weekends take no room.
 */
export function barTicks(bars: readonly AxisPlace[], maximum: number): BarTick[] {
  const places = withOpenings(bars)
  const candidates = isDaily(bars) ? units.slice(4) : units
  const unit = candidates.find(({ key }) => countUnits(places, key) <= maximum) ?? candidates[candidates.length - 1]
  const starts = places.filter((_, at) => isStart(places, at, unit.key))
  return withContext(withRoom(starts, unit, places.length / maximum), unit)
}

/** Returns whether no two bars share a session, so that their time of day says nothing; of a single bar, whether it has no time of day. */
export function isDaily(bars: readonly AxisPlace[]): boolean {
  if (bars.length === 1) return bars[0].at % day === 0
  return bars.every(({ session }, at) => at === 0 || session !== bars[at - 1].session)
}

function withOpenings(bars: readonly AxisPlace[]): Place[] {
  let opening = bars[0]
  return bars.map((bar) => {
    if (bar.session !== opening.session) opening = bar
    return { i: bar.i, at: bar.at, session: bar.session, since: bar.at - opening.at }
  })
}

/**
 * Leaves out one of two starts whose labels would touch: the later one, but the earlier one when a new context begins
 * between them or when it is the first of all, whose unit may be cut off.
 */
function withRoom(starts: readonly Place[], { context }: Unit, spacing: number): Place[] {
  const kept: Place[] = []
  for (const start of starts) {
    const before = kept.at(-1)
    const isTight = before !== undefined && start.i - before.i < spacing * 0.75
    if (isTight && kept.length > 1 && context(start) === context(before)) continue
    if (isTight) kept.pop()
    kept.push(start)
  }
  return kept
}

function isStart(places: readonly Place[], at: number, key: Unit['key']): boolean {
  return at === 0 || key(places[at]) !== key(places[at - 1])
}

function countUnits(places: readonly Place[], key: Unit['key']): number {
  return places.reduce((count, _, at) => count + (isStart(places, at, key) ? 1 : 0), 0)
}

function withContext(starts: readonly Place[], { label, context }: Unit): BarTick[] {
  return starts.map((place, at) => {
    const second = context(place)
    const isNew = at === 0 || second !== context(starts[at - 1])
    return { i: place.i, label: isNew && second !== '' ? [label(place), second] : [label(place)] }
  })
}
