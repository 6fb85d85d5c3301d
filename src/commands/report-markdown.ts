import { readRunReport } from '../backtest/read-report.js'
import { toPng } from '../charts/render.js'
import { runCharts } from '../charts/run-charts.js'
import type { Database } from '../database/database.js'
import { createChartRelations } from '../query/chart-relations.js'
import { reportMarkdown, type Picture } from '../report/markdown.js'
import type { Store } from '../store/layout.js'
import type { RunFolder } from '../store/runs.js'

/** The charts that stand in the Markdown report. */
const shown = ['equity', 'monthly_returns', 'symbols', 'trade_returns']

/** A report and the pictures that it names, which belong beside it. */
export interface MarkdownReport {
  text: string
  pictures: { name: string; content: Uint8Array }[]
}

/** Returns the report of a run with pictures of its main charts, whose names begin with `prefix`. */
export async function markdownReport(
  { database, store, run }: { database: Database; store: Store; run: RunFolder },
  prefix: string,
): Promise<MarkdownReport> {
  const report = await readRunReport(database, run)
  await createChartRelations(database, store, [run])
  const [pictures, named]: [MarkdownReport['pictures'], Picture[]] = [[], []]
  for (const { name, title, draw } of runCharts.filter((chart) => shown.includes(chart.name))) {
    const spec = await draw(database, run.id)
    if (spec === null) continue
    const file = `${prefix}-${name}.png`
    pictures.push({ name: file, content: await toPng(spec) })
    named.push({ title, file })
  }
  return { text: reportMarkdown(report, named), pictures }
}
