import type { RunReport } from '../record.js'
import { ranked, symbolNote, title } from '../rows.js'
import { html, script } from './markup.js'
import { badges, configurationSection, healthSection, leftOutSection, metricsSection } from './run.js'
import { libraries, pageScript, styleSheet } from './scripts.js'
import { sectionMarkup, type Section } from './section.js'
import { summarySection } from './summary.js'
import { declinedSection, tradesSection, type Held } from './trades.js'

/** What a page is made of. */
export interface PageSource {
  report: RunReport
  /** The data that the page draws from, by the names under which it reads them; compressed by gzip, in base64. */
  data: Readonly<Record<string, string>>
  held: Held
  /** The command that makes the run again. */
  command: string
}

/** Returns the report of a run as one page that needs no other file and no network. */
export function reportPage({ report, data, held, command }: PageSource): string {
  const { record } = report
  const sections = [
    summarySection(report),
    chartsSection,
    symbolsSection(report),
    tradesSection(report, held),
    declinedSection(report, held),
    leftOutSection(report),
    healthSection(report),
    metricsSection(report),
    configurationSection(report, command),
  ]
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${record.strategy}, run ${record.run_id}</title>
<link rel="icon" href="data:,">
<style>${{ markup: styleSheet() }}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the summary</a>
<header class="page">
<p class="kind">dgas report</p>
<h1>${record.strategy}</h1>
<p class="what">${title(record)}</p>
<ul class="badges">${badges(report).map((text) => html`<li>${text}</li>`)}</ul>
</header>
<nav class="contents" aria-label="Contents"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>
<noscript><p class="notice">Charts, and the tables of symbols and trades, need JavaScript; the rest of the page does not.</p></noscript>
${sections.map(sectionMarkup)}
</main>
${symbolDialog}
<footer class="page">dgas ${record.versions.dgas}. ${footnote}</footer>
${Object.entries(data).map(([name, text]) => ({ markup: `<script id="data-${name}" type="application/gzip;base64">${text}</script>` }))}
${libraries().map((text) => script(text))}
${script(pageScript(), ' type="module"')}
</body>
</html>
`.markup}`
}

const footnote = 'Past results of a simulation say nothing certain about the future; dgas reports, it promises nothing.'

const chartsSection: Section = {
  id: 'charts',
  title: 'Charts',
  content: html`<div class="range" role="group" aria-label="Time range">
<div id="range-figures" class="figures" role="status" aria-live="polite"></div>
<div id="strip" class="strip"></div>
<div id="presets" class="presets" role="group" aria-label="Usual ranges"></div>
</div>
<p class="note">Drag across the strip or a chart over time, or move the ends with the arrow keys: charts over time, trades and the figures above follow. Double-click a chart to see all.</p>
<div id="figures" class="figure-grid"></div>`,
}

function symbolsSection({ record, symbols }: RunReport): Section {
  const content = ranked(symbols).length === 0
    ? html`<p>No symbol was simulated to its end.</p>`
    : html`<p class="note">A click on a symbol shows its bars with its trades. ${symbolNote(record)}</p>`
  return { id: 'symbols', title: 'Symbols', content: html`${content}<div id="symbol-table" class="table"></div>` }
}

const symbolDialog = html`<dialog id="symbol" aria-labelledby="symbol-title">
<header>
<div><h2 id="symbol-title"></h2><p id="symbol-name" class="note"></p></div>
<div class="buttons">
<button type="button" class="quiet" id="symbol-previous">Previous</button>
<button type="button" class="quiet" id="symbol-next">Next</button>
<button type="button" class="quiet" id="symbol-close">Close</button>
</div>
</header>
<dl id="symbol-facts" class="facts row"></dl>
<div id="symbol-chart" class="chart" role="region" aria-label="Price and trades"></div>
<p id="symbol-note" class="note"></p>
<div id="symbol-trades" class="table"></div>
</dialog>`
