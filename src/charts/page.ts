import type { Spec } from './frame.js'
import { overviewOf, rangeMarkup, rangeScript, rangeStyle } from './page-range.js'
import { palettes } from './theme.js'

/** What a page of one chart holds. */
export interface ChartPage {
  /** Its title, subtitle and background are those of the page. */
  spec: Spec
  /** The same chart as Vega draws it. */
  vega: object
  /** Scripts that leave `vega` and `vegaTooltip` behind. */
  scripts: readonly string[]
  /** Whether the horizontal axis can be moved and stretched. */
  canZoom: boolean
}

const hint = 'Drag over the strip or move its sliders to choose the time range. In the chart, drag to move, turn the wheel with the shift key to look closer, double-click to see everything.'

/** Returns a page with one chart, which holds all that it needs. */
export function chartPage({ spec, vega, scripts, canZoom }: ChartPage): string {
  const { text, subtitle } = spec.title as unknown as { text: string; subtitle: readonly string[] }
  const { background } = spec as { background?: string }
  const overview = canZoom ? overviewOf(spec) : []
  const isDark = background !== undefined && parseInt(background.slice(1, 3), 16) < 128
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(text)}</title>
<style>
  :root { color-scheme: ${isDark ? 'dark' : 'light'}; --ink: ${palettes[isDark ? 'dark' : 'light'].ink} }
  body { margin: 0; background: ${background ?? 'white'}; font: 13px 'DejaVu Sans', Verdana, sans-serif }
  figure { margin: 0; overflow-x: auto }
  figcaption { padding: 0 16px 16px; color: var(--ink) }${overview.length === 0 ? '' : rangeStyle}
</style>
</head>
<body>
<figure>
<div id="chart" role="img" aria-label="${escaped([text, ...subtitle].join('. '))}"></div>
${overview.length === 0 ? '' : rangeMarkup}
<figcaption>${canZoom ? hint : ''}</figcaption>
</figure>
${scripts.map((script) => `<script>${script.replaceAll('</script', '<\\/script')}</script>`).join('\n')}
<script>
const view = new vega.View(vega.parse(${inScript(vega)}), {
  container: '#chart', renderer: 'svg', hover: true,
  tooltip: new vegaTooltip.Handler({ theme: '${isDark ? 'dark' : 'light'}' }).call,
})
view.runAsync()
${overview.length === 0 ? '' : `const overview = ${inScript(overview)}${rangeScript}`}
</script>
</body>
</html>
`
}

function inScript(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character])
}
