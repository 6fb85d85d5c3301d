import fc from 'fast-check'
import * as statistics from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { excessKurtosis, mean, momentsOf, quantile, sampleDeviation, skewness } from '../../src/metrics/moments.js'

/** 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares of the distances 32, cubes 42, fourth powers 356. */
const eight = [2, 4, 4, 4, 5, 5, 7, 9]

describe('moments', () => {
  it('agree with a calculation by hand', () => {
    expect(momentsOf(eight)).toEqual({ count: 8, mean: 5, second: 32 / 8, third: 42 / 8, fourth: 356 / 8 })
    expect(sampleDeviation(momentsOf(eight))).toBeCloseTo(Math.sqrt(32 / 7), 12)
  })

  it('agree with what spreadsheets say of SKEW, KURT and PERCENTILE', () => {
    // the examples in the documentation of these functions of Microsoft Excel
    const example = momentsOf([3, 4, 5, 2, 3, 4, 5, 6, 4, 7])
    expect(skewness(example)).toBeCloseTo(0.359543071, 8)
    expect(excessKurtosis(example)).toBeCloseTo(-0.151799637, 8)
    expect(quantile([1, 2, 3, 4], 0.3)).toBeCloseTo(1.9, 12)
  })

  it('agree with simple-statistics', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 4, maxLength: 40 })
    fc.assert(fc.property(values, (list) => {
      fc.pre(new Set(list).size > 1)
      const moments = momentsOf(list)
      expect(mean(list)).toBeCloseTo(statistics.mean(list), 9)
      expect(sampleDeviation(moments)).toBeCloseTo(statistics.sampleStandardDeviation(list), 8)
      expect(skewness(moments)).toBeCloseTo(statistics.sampleSkewness(list), 8)
      expect(excessKurtosis(moments)).toBeCloseTo(statistics.sampleKurtosis(list), 8)
      expect(quantile(list.toSorted((a, b) => a - b), 0.5)).toBeCloseTo(statistics.median(list), 9)
    }))
  })

  it('of values that do not differ, or are too few, are not defined', () => {
    expect(sampleDeviation(momentsOf([0.1, 0.1, 0.1]))).toBe(0)
    expect(skewness(momentsOf([1, 1, 1, 1]))).toBeNaN()
    expect(skewness(momentsOf([1, 2]))).toBeNaN()
    expect(excessKurtosis(momentsOf([1, 2, 3]))).toBeNaN()
    expect(quantile([], 0.5)).toBeNaN()
  })
})
