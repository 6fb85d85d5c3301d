import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepestDrawdown, drawdownsPct } from '../../src/charts/drawdown.js'

describe('drawdown', () => {
  it('is what a pencil makes of eight closes', () => {
    const curve = [100, 110, 99, 104.5, 121, 96.8, 108.9, 121]
    expect(drawdownsPct(curve).map((pct) => Math.round(pct * 1e6) / 1e6)).toEqual([0, 0, -10, -5, 0, -20, -10, 0])
    expect(deepestDrawdown(curve)).toEqual({ pct: expect.closeTo(-20, 9) as number, peak: 4, trough: 5, recovery: 7 })
  })

  it('counts from the last close at the peak, and has no recovery before the peak is reached again', () => {
    expect(deepestDrawdown([100, 120, 120, 90, 119])).toEqual({ pct: -25, peak: 2, trough: 3, recovery: null })
  })

  it('does not exist on a curve that never falls', () => {
    expect(deepestDrawdown([100, 100, 105])).toBeNull()
    expect(deepestDrawdown([])).toBeNull()
  })

  it('is never above 0, and the deepest is the worst of all pairs of closes', () => {
    const curves = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 })
    fc.assert(fc.property(curves, (curve) => {
      const falls = curve.flatMap((low, at) => curve.slice(0, at + 1).map((high) => (low / high - 1) * 100))
      expect(Math.max(...drawdownsPct(curve))).toBe(0)
      expect(deepestDrawdown(curve)?.pct ?? 0).toBe(Math.min(0, ...falls))
    }))
  })
})
