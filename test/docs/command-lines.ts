import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** A command line of a page: without `$`, `npx` and the comment behind it. */
export interface CommandLine {
  page: string
  line: string
  /** Whether the page shows what it prints. */
  isSession: boolean
}

/** README.md and every page of docs/, relative to the root. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).sort().map((name) => `docs/${name}`),
]

/** The text of a page. */
export function pageText(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

/** Every command line in the blocks of a page. */
export function commandLines(page: string): CommandLine[] {
  return [...pageText(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, language, block]) => {
    const isSession = language === 'console'
    if (!isSession && language !== '') return []
    const start = isSession ? /^\$ (?:npx )?/ : /^(?:npx )?(?=dgas |.* \| dgas )/
    const lines = block.split('\n').filter((line) => start.test(line)).map((line) => uncommented(line.replace(start, '')))
    return lines.map((line) => ({ page, line, isSession }))
  })
}

/** The command lines that follow `Examples:` in a help. */
export function examplesOf(help: string): string[] {
  return [...help.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line]) => uncommented(line))
}

/** What stands in the running text of a page as a command with something behind its name. */
export function mentions(page: string): string[] {
  const prose = pageText(page).replaceAll(/^```[\s\S]*?^```$/gm, '')
  return [...prose.matchAll(/`(dgas [^`]+)`/g)].map(([, line]) => line)
}

/** The words of a command line, as a shell splits it. */
export function words(line: string): string[] {
  return (line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}

/** Whether a line does more than call a program. */
export function needsShell(line: string): boolean {
  return /[|<>]/.test(line.replaceAll(/"[^"]*"|'[^']*'/g, ''))
}

function uncommented(line: string): string {
  return line.replace(/ +# .*$/, '').trim()
}
