import { drawingScripts } from '../charts/assets.js'
import { toSvg, toVega } from '../charts/render.js'
import { runCurves } from '../charts/run-curves.js'
import { themeNames } from '../charts/theme.js'
import { html, script, type Markup } from '../report/html/markup.js'
import { pageScript, styleSheet } from '../report/html/scripts.js'
import { sectionMarkup, tableMarkup, type Section } from '../report/html/section.js'
import type { SideBySide } from './side-by-side.js'
import { choicesTable, differingTrades, metricsTable, tradesTable } from './side-by-side-text.js'

/** Returns runs side by side as a page that needs no other file and no network. */
export async function sideBySidePage(found: SideBySide): Promise<string> {
  const ids = found.runs.map(({ run_id }) => run_id)
  const choices = choicesTable(found)
  const same = html`<p>Configuration, versions and data are the same.</p>`
  const sections: Section[] = [
    { id: 'equity', title: 'Equity', content: html`${await pictures(found)}` },
    { id: 'metrics', title: 'Metrics', content: html`${tableMarkup(metricsTable(found, (text) => `★ ${text}`), 'Metrics')}<p class="note">★ the best</p>` },
    { id: 'configuration', title: 'Configuration', content: choices.rows.length === 0 ? same : tableMarkup(choices, 'What differs') },
    { id: 'trades', title: 'Trades', content: html`${tableMarkup(tradesTable(found), 'Trades that differ')}${found.trades.map((run) => firstTrades(ids[0], run))}` },
  ]
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${ids.join(', ')}</title>
<link rel="icon" href="data:,">
<style>${{ markup: styleSheet() }}</style>
</head>
<body>
<header class="page"><p class="kind">dgas compare</p><h1>${ids.join(', ')}</h1>
<ul class="badges">${found.runs.map((run) => html`<li>${run.run_id}: ${run.strategy}, ${run.timeframe}, ${run.first_session ?? '–'} to ${run.last_session ?? '–'}</li>`)}</ul></header>
<main>
${sections.map(sectionMarkup)}
</main>
${drawingScripts().map((text) => script(text))}
${script(pageScript('compare.js'), ' type="module"')}
</body>
</html>
`.markup}`
}

/** The curves as pictures with what Vega draws them from; the style sheet shows the one in the colours of the reader. */
async function pictures({ runs, curves }: SideBySide): Promise<Markup[]> {
  const named = runs.map(({ run_id, strategy }, at) => ({ run_id, strategy, ...curves[at] }))
  const drawn = []
  for (const theme of themeNames) {
    const spec = runCurves(named, { theme, height: 520 })
    if (spec === null) return [html`<p>None of the runs has a session.</p>`]
    const data = script(JSON.stringify(await toVega(spec)), ' type="application/json"')
    drawn.push({ markup: `<div class="picture ${theme}">${await toSvg(spec)}</div>${data.markup}` })
  }
  return drawn
}

function firstTrades(first: string, run: SideBySide['trades'][number]): Markup {
  const lines = differingTrades(first, run)
  if (lines.length === 0) return html``
  return html`<h3>First trades of ${run.run_id} that differ</h3><ul class="reasons">${lines.map((line) => html`<li>${line}</li>`)}</ul>`
}
