/**
 * Opens every built notebook in Chromium without a network, as wide as a desk's screen and as a phone, and expects that nothing goes wrong:
 * no error, no request, all charts drawn, all tables filled, a finding made of numbers. Pictures of the pages are put beside them.
 *
 *     node notebooks/kit/check.mjs [output/notebooks]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const sources = resolve(import.meta.dirname, '..')
const out = resolve(process.argv[2] ?? 'output/notebooks')
const names = readdirSync(sources).filter((name) => name.endsWith('.html')).map((name) => basename(name, '.html'))
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const widths = [1440, 390]

/** What must be on the page of a notebook, counted in its source. */
function expected(name) {
  const source = readFileSync(join(sources, `${name}.html`), 'utf8')
  const cells = source.match(/<script [\s\S]*?<\/script>/g)
  const shown = cells.filter((cell) => /type="application\/sql"/.test(cell) && !/ hidden/.test(cell))
  return {
    charts: source.match(/display\(await (?:chart|show)\(/g)?.length ?? 0,
    tables: (source.match(/display\(table\(/g)?.length ?? 0) + shown.length,
  }
}

/** What is on an open page; a chart counts when it has marks, a table when it has a row of cells with text. */
function found() {
  const drawn = ({ innerHTML }) => /class="mark-(?:rect|symbol|line|area|rule)[^"]*"[^>]*>\s*<path/.test(innerHTML)
  const filled = (element) => Array.from(element.querySelectorAll('tbody td')).some(({ textContent }) => /\w/.test(textContent))
  return {
    charts: Array.from(document.querySelectorAll('.chart svg')).filter(drawn).length,
    tables: Array.from(document.querySelectorAll('.rows')).filter(filled).length,
    finding: document.querySelector('.finding')?.innerText ?? '',
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }
}

async function problems(browser, name, width) {
  const told = []
  const context = await browser.newContext({ viewport: { width, height: 900 }, offline: true })
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && told.push(message.text()))
  page.on('pageerror', (error) => told.push(error.message))
  page.on('request', (request) => !/^(?:file|data|blob):/.test(request.url()) && told.push(`asks for ${request.url()}`))
  await page.goto(String(pathToFileURL(join(out, `${name}.html`))))
  const wanted = expected(name)
  const isDone = ({ charts }) => document.querySelectorAll('.chart svg').length >= charts && /\d/.test(document.querySelector('.finding')?.innerText)
  await page.waitForFunction(isDone, wanted, { timeout: 30_000 }).catch(() => told.push('is not done after 30 s'))
  const { charts, tables, finding, overflow } = await page.evaluate(found)
  if (charts !== wanted.charts) told.push(`${charts} of ${wanted.charts} charts are drawn`)
  if (tables !== wanted.tables) told.push(`${tables} of ${wanted.tables} tables are filled`)
  if (!/\d/.test(finding) || /NaN|undefined|null|Infinity|\[object/.test(finding)) told.push(`the finding is "${finding}"`)
  if (overflow > 0) told.push(`is ${overflow} pixels wider than the window`)
  await page.screenshot({ path: join(out, `${name}-${width}.png`), fullPage: true })
  await context.close()
  return told.map((text) => `${name} at ${width} pixels: ${text}`)
}

if (!existsSync(executablePath)) {
  console.log(`notebooks are not checked: there is no browser ${executablePath} (CHROMIUM names another one)`)
  process.exit(0)
}
// Chromium has no sandbox for root
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const browser = await chromium.launch({ executablePath, args })
const all = []
for (const name of names) for (const width of widths) all.push(...await problems(browser, name, width))
await browser.close()
console.log(all.length === 0 ? `${names.length} notebooks checked at ${widths.join(' and ')} pixels` : all.join('\n'))
process.exitCode = all.length === 0 ? 0 : 1
