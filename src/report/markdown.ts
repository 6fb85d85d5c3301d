import { count, counted, duration, megabytes } from '../format.js'
import { healthTable } from './health.js'
import { drawdownTable, groupTable, metricTable, monthTable, type TextTable } from './metric-tables.js'
import { declinedTexts, headline, ranked, reasons, reasonText, shownMetrics, symbolCells, symbolColumns, symbolNote, title } from './rows.js'
import type { RunReport, SymbolRow } from './record.js'

/** A picture that lies beside the report. */
export interface Picture {
  title: string
  /** Its path from the report. */
  file: string
}

/** The tables of symbols of a report. */
export interface SymbolTables {
  /** All of them, best return first. */
  all: string
  /** The best and the worst, under their headings; of few symbols none. */
  extremes: readonly string[]
}

/** Returns the tables of symbols: most of a report, and known before the rest of it. */
export function symbolTables(symbols: readonly SymbolRow[]): SymbolTables {
  const all = ranked(symbols)
  const extremes = all.length > 20
    ? ['## Ten best symbols', symbolTable(all.slice(0, 10)), '## Ten worst symbols', symbolTable(all.slice(-10).reverse())]
    : []
  return { all: symbolTable(all), extremes }
}

/** Returns the report of a run as Markdown, with pictures that lie beside it. */
export function reportMarkdown(
  report: RunReport,
  pictures: readonly Picture[] = [],
  tables: SymbolTables = symbolTables(report.symbols),
): string {
  const { record } = report
  return [
    `# ${record.run_id}`,
    `${title(record)}.`,
    '## Total',
    table([{ name: 'figure', isNumber: false }, { name: 'value', isNumber: true }], headline(report)),
    nulls(report),
    definitions,
    ...pictures.map(({ title: name, file }) => `![${name}](${encodeURI(file)})`),
    ...section('Monthly returns in per cent', monthTable(report.monthly_returns)),
    ...section('Deepest drawdowns', drawdownTable(report.drawdowns)),
    ...groupings(report).flatMap((grouping) => {
      return section(`Trades by ${grouping.replaceAll('_', ' ')}`, groupTable(report.trade_groups, grouping))
    }),
    ...noted(tables.extremes, symbolNote(record)),
    ...section('All metrics', metricTable(record)),
    '## Entries not taken',
    declinedTexts(record).map((text) => `- ${text}`).join('\n') || 'None.',
    '## Symbols left out',
    leftOut(report),
    ...section('Run health', healthTable(report)),
    '## Time and memory',
    health(report),
    '## How to make it again',
    `\`\`\`json\n${JSON.stringify(record.configuration, null, 2)}\n\`\`\``,
    `dgas ${record.versions.dgas}, DuckDB ${record.versions.duckdb}, Node ${record.versions.node}; ${modelsText(record)}bars ${record.data_fingerprint.slice(0, 16)}; strategy \`${record.strategy_file}\` ${record.strategy_hash.slice(0, 16)}.`,
    '## All symbols',
    symbolNote(record),
    tables.all,
  ].filter((part) => part !== '').join('\n\n') + '\n'
}

/** Puts a note below the first heading. */
function noted([heading, ...rest]: readonly string[], note: string): string[] {
  return rest.length === 0 ? [] : [heading, note, ...rest]
}

function modelsText({ versions }: RunReport['record']): string {
  return versions.models === undefined ? '' : `models ${versions.models.slice(0, 16)}; `
}

const definitions = `Volatility, Sharpe and Sortino ratio are of daily returns of equity at the session's close, × √252, with no riskless
rate; the downside deviation of Sortino is over all days against 0. CAGR is by calendar days. Drawdown is of daily closes,
its length from the high to the recovery. Exposure is the share of the bars of all symbols with a position. Weekday, hour and
month of trades are those of the entry by the clock of the exchange; MAE and MFE are in per cent of the entry's value, R in
multiples of the risk to the stop.`

function section(heading: string, { columns, rows }: TextTable): string[] {
  return rows.length === 0 ? [] : [`## ${heading}`, table(columns, rows)]
}

function groupings({ trade_groups }: RunReport): string[] {
  return [...new Set(trade_groups.map(({ grouping }) => grouping))]
}

function symbolTable(rows: readonly SymbolRow[]): string {
  return table(symbolColumns, rows.map(symbolCells))
}

function table(columns: readonly { name: string; isNumber: boolean }[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))
  return [line(columns.map(({ name }) => name)), line(rule), ...rows.map(line)].join('\n')
}

function nulls({ record }: RunReport): string {
  const shown = Object.entries(record.metric_reasons).filter(([name]) => shownMetrics.includes(name))
  return shown.map(([name, reason]) => `- ${name}: ${reason}`).join('\n')
}

function leftOut({ record }: RunReport): string {
  const left = [...record.failed, ...record.skipped]
  if (left.length === 0) return 'None.'
  const named = (reason: string) => left.filter((entry) => entry.reason === reason).map(({ symbol }) => symbol)
  return reasons(left).map(([reason, symbols]) => `- ${counted(symbols, 'symbol')}, ${reasonText(reason)}: ${some(named(reason))}`).join('\n')
}

function some(symbols: readonly string[]): string {
  return symbols.length <= 20 ? symbols.join(', ') : `${symbols.slice(0, 20).join(', ')}, …`
}

function resolvedBars({ finer_bars }: RunReport['record']): [string, string][] {
  if (finer_bars === null) return []
  return [['order of events found in finer bars', `${count(finer_bars.resolved)} of ${count(finer_bars.ambiguous)}`]]
}

function cachedRelations({ cached = [] }: RunReport['record']): [string, string][] {
  return cached.length === 0 ? [] : [['geometry read that had been computed before', cached.join(', ')]]
}

function health({ record }: RunReport): string {
  const stages = Object.entries(record.timings).map(([stage, ms]): [string, string] => [stage, duration(ms)])
  return table(
    [{ name: 'stage', isNumber: false }, { name: 'value', isNumber: true }],
    [
      ...stages,
      ['whole run', duration(record.seconds * 1000)],
      ['bars', count(record.bars)],
      ['bars per second', count(Math.round(record.bars / record.seconds))],
      ['peak memory of the process', megabytes(record.peak_memory_bytes)],
      ['ledger checks passed', count(record.ledger_checks)],
      ...resolvedBars(record),
      ...cachedRelations(record),
    ],
  )
}
