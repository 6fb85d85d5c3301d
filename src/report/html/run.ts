import { count, duration, megabytes } from '../../format.js'
import { healthTable } from '../health.js'
import { metricTable } from '../metric-tables.js'
import type { RunReport } from '../record.js'
import { reasonText } from '../rows.js'
import { html, type Markup } from './markup.js'
import { detailsMarkup, tableMarkup, type Section } from './section.js'

/** Returns the section of the symbols that were skipped or failed, each with its reason. */
export function leftOutSection({ record }: RunReport): Section {
  const rows = [
    ...record.failed.map(({ symbol, reason }) => [symbol, 'failed', reasonText(reason)]),
    ...record.skipped.map(({ symbol, reason }) => [symbol, 'skipped', reasonText(reason)]),
  ]
  const columns = ['symbol', 'outcome', 'reason'].map((name) => ({ name, isNumber: false }))
  return {
    id: 'left-out',
    title: 'Symbols left out',
    content: rows.length === 0 ? html`<p>None: every symbol was simulated to its end.</p>` : tableMarkup({ columns, rows }, 'Symbols left out'),
  }
}

/** Returns the section on what the run took. */
export function healthSection(report: RunReport): Section {
  const { record } = report
  const { seconds, bars, timings, peak_memory_bytes, ledger_checks, finer_bars, cached = [] } = record
  const rows = [
    ['whole run', duration(seconds * 1000)],
    ...Object.entries(timings).map(([stage, ms]) => [`… ${stage}`, duration(ms)]),
    ['bars', count(bars)],
    ['bars per second', count(Math.round(bars / seconds))],
    ['peak memory of the process', megabytes(peak_memory_bytes)],
    ['ledger checks passed', count(ledger_checks)],
    ...(finer_bars === null ? [] : [['order of events found in finer bars', `${count(finer_bars.resolved)} of ${count(finer_bars.ambiguous)}`]]),
    ...(cached.length === 0 ? [] : [['geometry read that had been computed before', cached.join(', ')]]),
  ]
  const columns = [{ name: 'stage', isNumber: false }, { name: 'value', isNumber: true }]
  const targets = healthTable(report)
  const named = { ...targets, columns: targets.columns.map((column) => ({ ...column, name: column.name || 'outcome' })) }
  return {
    id: 'health',
    title: 'Run health',
    content: html`${tableMarkup(named, 'Targets of the run')}
<h3>Time and memory</h3>
${tableMarkup({ columns, rows }, 'Time and memory of the run')}`,
  }
}

/** Returns the section of all metrics with their definitions. */
export function metricsSection({ record }: RunReport): Section {
  return {
    id: 'metrics',
    title: 'All metrics',
    content: html`<p>Volatility, Sharpe and Sortino ratio are of daily returns of equity at the session's close, × √252, with no riskless rate; the downside deviation
of Sortino is over all days against 0. CAGR is by calendar days. Drawdown is of daily closes, its length from the high to the recovery. Exposure
is the share of the bars of all symbols with a position.</p>
${detailsMarkup('All metrics, and why some are missing', tableMarkup(metricTable(record), 'All metrics'))}`,
  }
}

/** Returns the section of the configuration, the strategy and the command that makes the run again. */
export function configurationSection({ record }: RunReport, command: string): Section {
  const { versions, data_fingerprint, strategy_file, strategy_hash, strategy_text, run_id, started_at } = record
  return {
    id: 'configuration',
    title: 'Configuration',
    content: html`<h3>How to make it again</h3>
<p>The same command on the same bars gives the same trades, to the last digit.</p>
<pre class="command" tabindex="0"><code>${command}</code></pre>
${factsMarkup([
    ['run', run_id], ['started', started_at], ['versions', `dgas ${versions.dgas}, DuckDB ${versions.duckdb}, Node ${versions.node}`],
    ...(versions.models === undefined ? [] : [['models', `SHA-256 ${versions.models.slice(0, 16)}…`] as const]),
    ['strategy', `${strategy_file} (SHA-256 ${strategy_hash.slice(0, 16)}…)`], ['bars', `SHA-256 ${data_fingerprint.slice(0, 16)}…`],
  ])}
${detailsMarkup('Text of the strategy', preformatted(strategy_text))}
${detailsMarkup('Every choice, as run.json has it', preformatted(JSON.stringify(record.configuration, null, 2)))}`,
  }
}

function preformatted(text: string): Markup {
  return html`<pre tabindex="0"><code>${text}</code></pre>`
}

function factsMarkup(facts: readonly (readonly [string, string])[]): Markup {
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** Says what was simulated, for the head of the page. */
export function badges({ record }: RunReport): string[] {
  const { timeframe, higher, universe, configuration, run_id } = record
  const { benchmark } = configuration
  return [
    `run ${run_id}`,
    `universe ${universe.length > 60 ? `${universe.slice(0, 60)}…` : universe}`,
    `${timeframe} bars${higher.length === 0 ? '' : ` with ${higher.join(' and ')}`}`,
    ...(typeof benchmark === 'string' ? [`benchmark ${benchmark}`] : []),
  ]
}
