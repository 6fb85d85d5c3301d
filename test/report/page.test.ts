import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCharts } from '../../src/charts/run-charts.js'
import { testStore, type TestStore } from '../backtest/store.js'
import { browserPath, openPage, startBrowser, withoutBrowser, type OpenPage } from './browser.js'

const require = createRequire(import.meta.url)
const evil = '</script><script>document.title = "broken"</script><!-- '

let store: TestStore
let file: string

/** A run of 500 symbols whose strategy has stops, and text that would end a script. */
beforeAll(async () => {
  store = await testStore(500, '2026-01-02', '2026-01-30')
  const strategy = store.file('evil.sql', `
    -- ${evil}
    select symbol, bar_at, 1 as entry, close * 0.995 as stop_price, '<b>' as reason, close < pldot as exit_long
    from geometry where timeframe = $timeframe and close > pldot`)
  await store.backtest('--strategy', strategy, '--run-id', 'many', '--where', "sector <> 'none'")
  const { code, out, err } = await store.dgas('report', 'many', '--html')
  expect([code, err]).toEqual([0, ''])
  file = out.trim()
})
afterAll(() => store.remove())

it('writes one file of less than 5 MB that names nothing outside itself', () => {
  const text = readFileSync(file, 'utf8')
  expect(file).toBe(join(store.folder, 'runs', 'many', 'report.html'))
  expect(statSync(file).size).toBeLessThan(5_000_000)
  const page = text.replaceAll(/<script[\s\S]*?<\/script>/g, '')
  expect(page.match(/(?:src|href)="(?!#|data:)[^"]*"|url\((?!data:)/g)).toBeNull()
  expect(page).toContain('&lt;/script&gt;&lt;script&gt;')
})

describe.skipIf(browserPath === undefined)(`in a browser without a network${withoutBrowser}`, () => {
  let browser: Browser
  let open: OpenPage
  let page: Page
  beforeAll(async () => {
    browser = await startBrowser()
    open = await openPage(browser, file)
    page = open.page
  })
  afterAll(() => browser.close())

  const cells = (table: string, column: number) => {
    return page.locator(`#${table} tbody tr > :nth-child(${column})`).allInnerTexts()
  }
  const status = (table: string) => page.locator(`#${table} .status`).innerText()
  const numbers = (texts: string[]) => texts.map((text) => Number(text.replaceAll(',', '')))

  it('has the headings and columns that it should have', async () => {
    const texts = (selector: string) => page.locator(selector).allTextContents()
    const found = {
      headings: await texts('main h2, #summary h3, #configuration h3'),
      symbols: await texts('#symbol-table thead th'),
      trades: await texts('#trade-table thead th'),
      declined: await texts('#declined-table thead th'),
    }
    await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot('golden/page.json')
  })

  it('draws all charts', async () => {
    const names = await page.locator('#figures .chart').evaluateAll((charts) => charts.map((chart) => chart.getAttribute('data-chart')!))
    expect(names).toEqual(runCharts.map(({ name }) => name).filter((name) => names.includes(name)))
    expect(names).toContain('equity')
    for (const name of names) {
      expect(await page.locator(`[data-chart="${name}"] svg .mark-line path, [data-chart="${name}"] svg .mark-rect path, [data-chart="${name}"] svg .mark-symbol path, [data-chart="${name}"] svg .mark-area path`).count(), name).toBeGreaterThan(0)
    }
  })

  it('sorts symbols by a heading, missing values last', async () => {
    const head = page.locator('#symbol-table thead th', { hasText: 'Sharpe' })
    const column = await head.evaluate((cell) => [...cell.parentElement!.children].indexOf(cell) + 1)
    for (const order of ['descending', 'ascending']) {
      await head.getByRole('button').click()
      expect(await head.getAttribute('aria-sort')).toBe(order)
      const values = numbers(await cells('symbol-table', column))
      expect(values).toEqual([...values].sort((a, b) => (order === 'ascending' ? a - b : b - a)))
    }
  })

  it('finds symbols by their beginnings', async () => {
    const symbol = store.symbols[7]
    await page.fill('#symbol-table-search', symbol.toLowerCase())
    await expect.poll(() => cells('symbol-table', 1)).toEqual([symbol])
    expect(await status('symbol-table')).toBe('1 symbol of 500')
    await page.fill('#symbol-table-search', '')
    await expect.poll(() => status('symbol-table')).toContain('1 to 25 of 500 symbols')
  })

  it('holds the trades of the run, as the database has them', async () => {
    const [{ trades }] = await store.rows('select count(*) as trades from trades')
    expect(await status('trade-table')).toBe(`1 to 25 of ${Number(trades).toLocaleString('en-US')} trades`)
    const best = await store.rows(`
      select symbol, quantity, round(net_profit, 2) as net_profit from trades order by net_profit desc, symbol limit 25`)
    expect(numbers(await cells('trade-table', 8))).toEqual(best.map(({ net_profit }) => net_profit))
    expect(numbers(await cells('trade-table', 7))).toEqual(best.map(({ quantity }) => quantity))
  })

  it('finds trades by symbol and reason', async () => {
    const symbol = store.symbols[3]
    const [{ stops }] = await store.rows(`select count(*) as stops from trades where symbol = '${symbol}' and exit_reason = 'stop'`)
    expect(stops).toBeGreaterThan(0)
    await page.fill('#trade-table-search', `${symbol.toLowerCase()} stop`)
    await expect.poll(() => status('trade-table')).toMatch(new RegExp(`\\b${Number(stops)} trades? of`))
    expect(new Set(await cells('trade-table', 1))).toEqual(new Set([symbol]))
    await page.fill('#trade-table-search', '')
  })

  it('turns pages with the keyboard', async () => {
    const next = page.getByRole('navigation', { name: 'Pages of Trades' }).getByRole('button', { name: 'Next' })
    await next.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => status('trade-table')).toContain('26 to 50')
  })

  it('shows the price and the trades of a symbol that is clicked', async () => {
    await page.locator('#symbol-table button.link').first().click()
    const dialog = page.getByRole('dialog')
    const symbol = await dialog.locator('h2').innerText()
    expect(await page.locator('#symbol-chart svg .mark-rect path').count()).toBeGreaterThan(15)
    expect(await page.locator('#symbol-chart svg .mark-symbol path').count()).toBeGreaterThan(2)
    const [{ trades }] = await store.rows(`select count(*) as trades from trades where symbol = '${symbol}'`)
    expect(await status('symbol-trades')).toContain(`${Number(trades)} trades`)
    await dialog.getByRole('button', { name: 'Next', exact: true }).first().click()
    expect(await dialog.locator('h2').innerText()).not.toBe(symbol)
    await page.keyboard.press('Escape')
    expect(await dialog.count()).toBe(0)
  })

  it('moves all charts over time, trades and figures by one range', async () => {
    const before = await ticks(page)
    const strip = (await page.locator('#strip').boundingBox())!
    await page.locator('#strip').scrollIntoViewIfNeeded()
    const box = await page.locator('#strip').boundingBox() ?? strip
    await page.mouse.move(box.x + box.width * 0.3, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + 20, { steps: 4 })
    await page.mouse.up()
    const [from, to] = await ends(page)
    const sessions = (await store.rows('select distinct session_date::varchar as session from equity order by session')).map(({ session }) => session)
    expect([sessions.indexOf(from), sessions.indexOf(to)]).toEqual([0.3, 0.6].map((share) => Math.round(share * (sessions.length - 1))))
    const after = await ticks(page)
    for (const [name, texts] of Object.entries(after)) expect(texts, name).not.toEqual(before[name])
    const [{ entered }] = await store.rows(`select count(*) as entered from trades where entry_at::date between '${from}' and '${to}'`)
    await expect.poll(() => page.locator('#range-figures').innerText()).toContain(`trades entered ${Number(entered).toLocaleString('en-US')}`)
    await expect.poll(() => status('trade-table')).toContain(`of ${Number(entered).toLocaleString('en-US')} trades`)
  })

  it('chooses the range by dragging on a chart, and by keys', async () => {
    await page.getByRole('button', { name: 'All', exact: true }).click()
    const chart = page.locator('[data-chart="equity"]')
    await chart.evaluate((element) => element.scrollIntoView({ block: 'end', behavior: 'instant' }))
    const box = (await chart.boundingBox())!
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height - 120)
    await expect.poll(() => page.locator('.bubble').innerText()).toContain('equity')
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height - 120, { steps: 4 })
    await page.mouse.up()
    const [from, to] = await ends(page)
    expect(from > '2026-01-02' && to < '2026-01-30' && from < to).toBe(true)
    await page.getByRole('slider', { name: 'First session shown' }).focus()
    await page.keyboard.press('Home')
    await page.getByRole('slider', { name: 'Last session shown' }).focus()
    await page.keyboard.press('End')
    expect(await page.getByRole('button', { name: 'All', exact: true }).getAttribute('aria-pressed')).toBe('true')
  })

  it('saves what a table shows as CSV', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#symbol-table').getByRole('button', { name: 'Save as CSV' }).click()])
    const text = readFileSync(await download.path(), 'utf8')
    expect(text.trimEnd().split('\n').length).toBe(501)
    expect(text).toMatch(/^symbol,/)
  })

  it.each([['light', 1440], ['dark', 390]] as const)('can be used by all: %s, %i pixels wide', async (colorScheme, width) => {
    const { page: other, complaints } = await openPage(browser, file, { width, colorScheme })
    await other.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'))
    // what a chart shows stands in its description; the thousands of shapes in it would only take time
    await other.evaluate(`document.querySelectorAll('svg').forEach((picture) => picture.replaceChildren())`)
    const check = async (part: string) => {
      const { violations } = await other.evaluate<{ violations: Violation[] }>(`axe.run({ include: [${JSON.stringify(part)}] })`)
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      return serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)])
    }
    expect(await check('body')).toEqual([])
    await other.locator('#symbol-table button.link').first().click()
    expect(await check('#symbol')).toEqual([])
    expect(await other.evaluate('document.documentElement.scrollWidth')).toBe(width)
    expect(complaints).toEqual([])
    await other.close()
  })

  it('asks for nothing from elsewhere and complains of nothing', () => {
    expect([open.complaints, open.requests]).toEqual([[], []])
  })
})

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}

/** The labels of the horizontal axes of the charts over time. */
function ticks(page: Page): Promise<Record<string, string[]>> {
  return page.locator('figure.time .chart').evaluateAll((charts) => Object.fromEntries(charts.map((chart) => {
    const labels = [...chart.querySelectorAll('.role-axis-label')].map((group) => group.textContent)
    return [chart.getAttribute('data-chart')!, labels]
  })))
}

function ends(page: Page): Promise<string[]> {
  return page.getByRole('slider').evaluateAll((sliders) => sliders.map((slider) => slider.getAttribute('aria-valuetext')!))
}
