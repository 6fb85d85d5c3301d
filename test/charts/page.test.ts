import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { equityChart } from '../../src/charts/equity.js'
import type { Spec } from '../../src/charts/frame.js'
import { overviewOf } from '../../src/charts/page-range.js'
import { priceChart } from '../../src/charts/price.js'
import { toHtml } from '../../src/charts/render.js'
import { browserPath, startBrowser, withoutBrowser } from '../report/browser.js'
import { equityRows, marketBars, testRun } from './market.js'

const bars = marketBars(40)
const folder = mkdtempSync(join(tmpdir(), 'dgas-page-'))
let browser: Browser

describe.skipIf(browserPath === undefined)(`a chart as a page of its own${withoutBrowser}`, () => {
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  it('tells date, prices and PLdot of the candle under the pointer, wherever in its column', async () => {
    const { page, complaints } = await opened(priceChart({ symbol: 'TEST', timeframe: '30m', bars }))
    const place = await page.evaluate(() => {
      const { view } = globalThis as unknown as { view: { scale: (name: string) => (value: number) => number; origin: () => number[]; padding: () => { left: number } } }
      return { x: view.scale('x')(20) + view.origin()[0] + view.padding().left, y: view.origin()[1] }
    })
    const box = (await page.locator('#chart svg').boundingBox())!
    const bar = bars[20]
    for (const y of [60, 200]) {
      await page.mouse.move(box.x + place.x, box.y + place.y + y)
      await page.waitForSelector('#vg-tooltip-element.visible')
      const text = await page.locator('#vg-tooltip-element').innerText()
      expect(text).toContain(new Date(Number(bar.bar_at)).toISOString().slice(0, 16).replace('T', ' '))
      for (const value of [bar.open, bar.high, bar.low, bar.close, bar.pldot!]) expect(text).toContain(value.toFixed(2))
      await page.mouse.move(0, 0)
      await page.waitForSelector('#vg-tooltip-element:not(.visible)', { state: 'attached' })
    }
    expect(complaints).toEqual([])
  })

  it('shows the sessions that are chosen by dragging over its strip, by a slider, and everything again', async () => {
    const rows = equityRows(200)
    const { page, complaints } = await opened(equityChart({ run: testRun, accounts: 1, capital: 100_000, rows }))
    const shown = () => page.evaluate(() => {
      const { view } = globalThis as unknown as { view: { scale: (name: string) => { domain: () => number[] } } }
      return view.scale('x').domain()
    })
    const dates = async () => [await page.locator('#first').innerText(), await page.locator('#last').innerText()]
    const dateOf = (at: number) => new Date(rows[at].session_date).toISOString().slice(0, 10)
    const whole = await shown()
    expect(await dates()).toEqual([dateOf(0), dateOf(199)])
    const { x, y, width, height } = (await page.locator('#strip').boundingBox())!
    await page.mouse.move(x + width * 0.25, y + height / 2)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.4, y + height / 2)
    await page.mouse.move(x + width * 0.5, y + height / 2)
    await page.mouse.up()
    expect(await shown()).toEqual([49.5, 100.5])
    expect(await dates()).toEqual([dateOf(50), dateOf(100)])
    await page.locator('#from').focus()
    await page.keyboard.press('ArrowRight')
    expect(await shown()).toEqual([50.5, 100.5])
    await page.locator('#all').click()
    expect(await shown()).toEqual(whole)
    expect(await dates()).toEqual([dateOf(0), dateOf(199)])
    expect(complaints).toEqual([])
  })

  async function opened(spec: Spec): Promise<{ page: Page; complaints: string[] }> {
    const file = join(folder, 'chart.html')
    writeFileSync(file, (await toHtml(spec)).replace('const view =', 'var view ='))
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    await page.goto(`file://${file}`)
    await page.waitForSelector('#chart svg')
    return { page, complaints }
  }
})

describe('the strip below a chart', () => {
  it('has the closes of bars or the first series of sessions, and nothing of other charts', () => {
    const closes = overviewOf(priceChart({ symbol: 'TEST', timeframe: '30m', bars }))
    expect(closes.map(({ value }) => value)).toEqual(bars.map(({ close }) => close))
    const curve = overviewOf(equityChart({ run: testRun, accounts: 1, capital: 100_000, rows: equityRows(5) }))
    expect(curve.map(({ i, value }) => [i, value])).toEqual(equityRows(5).map(({ equity }, i) => [i, Number(equity.toPrecision(6))]))
    expect(overviewOf({ mark: 'bar', data: { values: [] }, encoding: {} } as unknown as Spec)).toEqual([])
  })
})
