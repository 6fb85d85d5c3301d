import { describe, expect, it } from 'vitest'
import { barTicks } from '../../src/charts/bar-axis.js'
import { halfHours, sessionDay } from './market.js'

describe('ticks of an axis that counts bars', () => {
  it('are hours from the open in UTC, whatever the time zone of the machine, with the day where it changes', () => {
    expect(barTicks(places(halfHours(26)), 8)).toEqual([
      { i: 0, label: ['14:30', 'Jan 26'] },
      { i: 4, label: ['16:30'] },
      { i: 8, label: ['18:30'] },
      { i: 13, label: ['14:30', 'Jan 27'] },
      { i: 17, label: ['16:30'] },
      { i: 21, label: ['18:30'] },
      { i: 25, label: ['20:30'] },
    ])
  })

  it('are the opening of a single bar, or the session of one that has no time of day', () => {
    expect(barTicks(places(halfHours(1)), 8)).toEqual([{ i: 0, label: ['14:30', 'Jan 26'] }])
    expect(barTicks(places([sessionDay(0)]), 8)).toEqual([{ i: 0, label: ['Jan 26', '2026'] }])
  })

  it('are sessions, the Monday next to the Friday', () => {
    const ticks = barTicks(places(halfHours(13 * 6)), 6)
    expect(ticks.map(({ i }) => i)).toEqual([0, 13, 26, 39, 52, 65])
    expect(ticks.map(({ label }) => label[0])).toEqual(['Jan 26', 'Jan 27', 'Jan 28', 'Jan 29', 'Jan 30', 'Feb 2'])
  })

  it('leave out the rest of a first session, and the last hour before the next session', () => {
    expect(barTicks(places(halfHours(39).slice(12)), 6).map(({ i, label }) => [i, ...label])).toEqual([
      [1, '14:30', 'Jan 27'],
      [9, '18:30'],
      [14, '14:30', 'Jan 28'],
      [22, '18:30'],
    ])
  })

  it('keep apart what a gap of years brings together', () => {
    const eightYears = 8 * 365 * 86_400_000
    const days = Array.from({ length: 260 }, (_, at) => sessionDay(at) + (at < 130 ? 0 : eightYears))
    const ticks = barTicks(places(days), 13)
    expect(Math.min(...ticks.slice(1).map(({ i }, at) => i - ticks[at].i))).toBeGreaterThanOrEqual(15)
    expect(ticks.map(({ label }) => label[1]).filter(Boolean)).toEqual(['2026', '2034', '2035'])
  })

  it.each([60, 130, 260, 1300])('are few enough and apart from each other on %i daily bars', (count) => {
    const ticks = barTicks(places(Array.from({ length: count }, (_, session) => sessionDay(session))), 13)
    const steps = ticks.slice(1).map(({ i }, at) => i - ticks[at].i)
    expect(ticks.length).toBeLessThanOrEqual(13)
    expect(ticks.length).toBeGreaterThan(2)
    expect(Math.min(...steps)).toBeGreaterThan((count / 13) * 0.5)
  })
})

function places(times: readonly number[]) {
  return times.map((at, i) => ({ i, at, session: new Date(at).toISOString().slice(0, 10) }))
}
