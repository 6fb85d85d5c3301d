import { alignedTable, count, decimal } from '../format.js'
import type { TextTable } from '../report/metric-tables.js'
import type { RelationDifference, RowDifference } from './rows.js'
import type { SideBySide } from './side-by-side.js'

/** How the best value of a metric is marked. */
export type Marking = (text: string) => string

/** Returns the metrics of runs, the best ones marked. */
export function metricsTable({ runs, metrics }: SideBySide, marked: Marking): TextTable {
  return {
    columns: [{ name: 'metric', isNumber: false }, ...runs.map(({ run_id }) => ({ name: run_id, isNumber: true }))],
    rows: metrics.map(({ metric, values, best }) => {
      const decimals = /^(?:trades|net_profit|costs)$|_days$/.test(metric) ? 0 : 2
      return [metric, ...values.map((value, at) => (best.includes(at) ? marked(decimal(value, decimals)) : decimal(value, decimals)))]
    }),
  }
}

/** Returns what the records of runs say differently; no rows when they are the same. */
export function choicesTable({ runs, configuration }: SideBySide): TextTable {
  return {
    columns: ['differs', ...runs.map(({ run_id }) => run_id)].map((name) => ({ name, isNumber: false })),
    rows: configuration.map(({ name, values }) => [name, ...values.map((value) => short(value))]),
  }
}

/** Returns how many trades of the runs differ from those of the first. */
export function tradesTable({ runs, trades }: SideBySide): TextTable {
  const names = ['run', 'trades', `of ${runs[0].run_id}`, 'the same', 'changed', `only in ${runs[0].run_id}`, 'only in the run']
  return {
    columns: names.map((name, at) => ({ name, isNumber: at > 0 })),
    rows: trades.map(({ run_id, rows_a, rows_b, only_a, only_b, changed }) => {
      return [run_id, ...[rows_b, rows_a, rows_a - only_a - changed, changed, only_a, only_b].map(count)]
    }),
  }
}

/** Returns a line for each of the first trades of a run that differ from those of `first`. */
export function differingTrades(first: string, { run_id, first: rows }: RelationDifference & { run_id: string }): string[] {
  return rows.map(({ kind, key, changes }) => `${key}: ${kind === 'changed' ? changesText(changes) : `only in ${kind === 'only_a' ? first : run_id}`}`)
}

/** Returns runs side by side for the terminal; the best values have an asterisk. */
export function sideBySideText(found: SideBySide): string {
  const [metrics, choices, trades] = [metricsTable(found, (text) => `${text} *`), choicesTable(found), tradesTable(found)]
  return [
    alignedTable(metrics.columns, metrics.rows),
    '* the best\n',
    choices.rows.length === 0 ? 'configuration, versions and data are the same\n' : alignedTable(choices.columns, choices.rows),
    alignedTable(trades.columns, trades.rows),
    ...found.trades.map((run) => differingTrades(found.runs[0].run_id, run).map((line) => `${line}\n`).join('')),
  ].filter((part) => part !== '').join('\n')
}

/** Returns runs side by side as Markdown; the best values are bold. */
export function sideBySideMarkdown(found: SideBySide): string {
  const choices = choicesTable(found)
  return [
    `# ${found.runs.map(({ run_id }) => run_id).join(', ')}`,
    '## Metrics',
    markdownTable(metricsTable(found, (text) => `**${text}**`)),
    '## Configuration',
    choices.rows.length === 0 ? 'Configuration, versions and data are the same.' : markdownTable(choices),
    '## Trades',
    markdownTable(tradesTable(found)),
    ...found.trades.flatMap((run) => {
      const lines = differingTrades(found.runs[0].run_id, run)
      return lines.length === 0 ? [] : [`First trades of ${run.run_id} that differ:`, lines.map((line) => `- ${line}`).join('\n')]
    }),
  ].join('\n\n') + '\n'
}

function markdownTable({ columns, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(columns.map(({ name }) => name)), line(columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))), ...rows.map(line)].join('\n')
}

function changesText(changes: RowDifference['changes']): string {
  const texts = changes.slice(0, 4).map(({ field, a, b }) => `${field} ${a ?? '·'} → ${b ?? '·'}`)
  return changes.length <= 4 ? texts.join(', ') : `${texts.join(', ')}, … ${changes.length - 4} more`
}

function short(text: string | null): string {
  if (text === null) return '·'
  const line = text.replaceAll('\n', '↵')
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`
}
