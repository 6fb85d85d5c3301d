import { describe, expect, it } from 'vitest'
import { sessionCloses, totalEquity } from '../../src/metrics/total-equity.js'
import { equityOf } from './rows.js'

describe('the sum of accounts', () => {
  it('keeps the last equity of an account without a row', () => {
    const total = totalEquity(3, 100)
    total.add(equityOf([[0, 1, 110], [0, 2, 120], [0, 4, 90]]))
    total.add(equityOf([[1, 2, 105], [1, 3, 100]]))
    expect(Array.from(total.curve().dates)).toEqual([1, 2, 3, 4])
    expect(Array.from(total.curve().equity)).toEqual([310, 325, 320, 290])
  })

  it('has the interest of all accounts, each until its end', () => {
    const total = totalEquity(2, 100)
    total.add(equityOf([[0, 1, 110, 1], [0, 2, 120, 3], [1, 1, 90, -0.5]]))
    expect(total.interest()).toBe(2.5)
  })

  it('takes the last row of each session', () => {
    const { dates, equity } = sessionCloses(equityOf([[0, 1, 110], [0, 1, 120], [0, 4, 90]]), 0, 3)
    expect([Array.from(dates), Array.from(equity)]).toEqual([[1, 4], [120, 90]])
  })
})
