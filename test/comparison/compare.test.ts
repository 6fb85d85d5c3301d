import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from 'vega-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCurves } from '../../src/charts/run-curves.js'
import type { SideBySide } from '../../src/comparison/side-by-side.js'
import { testStore, type TestStore } from '../backtest/store.js'
import { browserPath, openPage, startBrowser, withoutBrowser } from '../report/browser.js'

let store: TestStore
let found: SideBySide
beforeAll(async () => {
  store = await testStore(4, '2026-01-02', '2026-01-30')
  await store.backtest('--strategy', 'pldot_cross', '--run-id', 'plain')
  await store.backtest('--strategy', 'pldot_cross', '--slippage-bps', '20', '--run-id', 'dear')
  await store.backtest('--strategy', 'buy_and_hold', '--run-id', 'hold')
  found = JSON.parse((await store.dgas('compare', 'plain', 'dear', 'hold', '--json')).out) as SideBySide
})
afterAll(() => store.remove())

const row = (name: string) => found.metrics.find(({ metric }) => metric === name)!

describe('dgas compare', () => {
  it('has the metrics of each run and marks the best', async () => {
    const rows = await store.rows(`select run_id, value from metrics where metric = 'sharpe_ratio'`)
    const values = ['plain', 'dear', 'hold'].map((id) => rows.find(({ run_id }) => run_id === id)!.value as number)
    expect(row('sharpe_ratio').values).toEqual(values)
    expect(row('sharpe_ratio').best).toEqual([values.indexOf(Math.max(...values))])
    expect(row('maximum_drawdown_pct').best).toEqual([row('maximum_drawdown_pct').values.indexOf(Math.min(...row('maximum_drawdown_pct').values as number[]))])
    expect(row('trades').best).toEqual([])
  })

  it('says what differs in the configuration, of all runs', () => {
    const slippage = found.configuration.find(({ name }) => name === 'configuration.rules.slippage_bps')
    expect(slippage?.values).toEqual(['0', '20', '0'])
    expect(found.configuration.find(({ name }) => name === 'strategy')?.values).toEqual(['pldot_cross', 'pldot_cross', 'buy_and_hold'])
  })

  it('counts the trades that differ from those of the first run', async () => {
    const [{ trades }] = await store.rows(`select count(*) as trades from trades where run_id = 'plain'`)
    const [dear, hold] = found.trades
    expect([dear.run_id, dear.rows_a, dear.changed, dear.only_a, dear.only_b]).toEqual(['dear', trades, trades, 0, 0])
    expect([hold.run_id, hold.rows_b, hold.first.length]).toEqual(['hold', 4, 5])
  })

  it('ends each curve at the total return', () => {
    const ends = found.curves.map(({ return_pct }) => return_pct.at(-1)!)
    ends.forEach((end, at) => expect(end).toBeCloseTo(row('total_return_pct').values[at]!, 9))
    const spec = runCurves(found.runs.map((run, at) => ({ ...run, ...found.curves[at] })))!
    expect(() => compile(spec)).not.toThrow()
    expect(runCurves([])).toBeNull()
  })

  it('is a table, Markdown, or a page that is whole without its scripts', async () => {
    const text = await store.dgas('compare', 'plain', 'dear', '--rows', '1')
    expect(text.out).toMatch(/^total_return_pct +-?[\d.]+ \* +-?[\d.]+$/m)
    const markdown = await store.dgas('compare', 'plain', 'dear', '--markdown')
    expect(markdown.out).toMatch(/^\| total_return_pct \| \*\*-?[\d.]+\*\* \| -?[\d.]+ \|$/m)
    const file = join(store.folder, 'compare.html')
    expect((await store.dgas('compare', 'plain', 'dear', 'hold', '--html', '--output', file)).out).toBe(`${file}\n`)
    const page = readFileSync(file, 'utf8').replaceAll(/<script[\s\S]*?<\/script>/g, '')
    expect([page.match(/<svg/g)?.length, page.includes('<script'), page.match(/<h2/g)?.length]).toEqual([2, false, 4])
    expect(page.match(/(?:src|href)="(?!#|data:)[^"]*"|url\((?!data:)/g)).toBeNull()
  })

  it.skipIf(browserPath === undefined)(`says in its page what is under the pointer${withoutBrowser}`, async () => {
    const file = join(store.folder, 'pointed.html')
    await store.dgas('compare', 'plain', 'hold', '--html', '--output', file)
    const browser = await startBrowser()
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints, requests } = await openPage(browser, file, { colorScheme })
      const picture = page.locator(`.picture.${colorScheme} svg`)
      const { x, y, width, height } = (await picture.boundingBox())!
      await page.mouse.move(x + width / 2, y + height / 2)
      await page.waitForSelector('#vg-tooltip-element.visible')
      const text = await page.locator('#vg-tooltip-element').innerText()
      expect(text).toMatch(/session\s+2026-01-\d\d\s+plain %\s+-?\d+\.\d\d\s+hold %\s+-?\d+\.\d\d/)
      expect([complaints, requests, await picture.count()]).toEqual([[], [], 1])
    }
    await browser.close()
  }, 60_000)

  it.each([
    [['plain'], '"plain" is the only run that is given; expected the ids of two or more runs: dgas runs lists them'],
    [['plain', 'dear', 'plain'], 'the run "plain" is given twice; expected the ids of two or more runs'],
    [['plain', 'plan'], 'did you mean plain?'],
    [['plain', 'dear', '--html', '--json'], 'more than one form'],
    [['plain', 'dear', '--output', '/nowhere/x.md'], '/nowhere/x.md'],
  ])('refuses %j', async (argv, message) => {
    const { code, err } = await store.dgas('compare', ...argv)
    expect(code).toBeGreaterThan(0)
    expect(err).toContain(message)
  })
})
