import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'

/** The browser that the tests drive: `$CHROMIUM`, or the one that the system has; undefined: none. */
export const browserPath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  .find((path) => path !== undefined && existsSync(path))

/** Why the tests in a browser are skipped, as part of their names. */
export const withoutBrowser = browserPath === undefined ? ' (skipped: no chromium at $CHROMIUM or /usr/bin)' : ''

/** Starts the browser. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** A page that is open, with the requests beyond itself and what it wrote to the console. */
export interface OpenPage {
  page: Page
  /** Errors and warnings of the page. */
  complaints: string[]
  requests: string[]
}

/** Opens a file without a network and waits until all of its charts are drawn. */
export async function openPage(
  browser: Browser,
  file: string,
  { width = 1440, colorScheme = 'light' }: { width?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width, height: 1000 }, colorScheme, offline: true, acceptDownloads: true })
  const page = await context.newPage()
  const [complaints, requests]: [string[], string[]] = [[], []]
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  page.on('request', (request) => {
    if (!/^(?:file|data|blob):/.test(request.url())) requests.push(request.url())
  })
  await page.goto(`file://${file}`)
  await page.waitForSelector('html[data-ready=true]', { timeout: 45_000 }).catch((error: unknown) => {
    throw new Error([...complaints, String(error)].join('\n'))
  })
  return { page, complaints, requests }
}
