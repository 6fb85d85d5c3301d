import type { Spec } from './frame.js'
import { fontFiles, vegaSources } from './assets.js'
import { textWidth } from './text-width.js'
import { font } from './theme.js'

/** Returns a chart as the text of a Vega-Lite file, with its data. */
export function toVegaLiteJson(spec: Spec): string {
  return `${JSON.stringify(spec, null, 1)}\n`
}

/** Returns a chart as SVG of its own size. */
export async function toSvg(spec: Spec): Promise<string> {
  const [vega, { compile }] = await Promise.all([importVega(), import('vega-lite')])
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

/** Returns a chart as PNG, `scale` times its own size (default 1), drawn with the fonts that come with the package. */
export async function toPng(spec: Spec, { scale = 1 }: { scale?: number } = {}): Promise<Uint8Array> {
  const [svg, { Resvg }] = await Promise.all([toSvg(spec), import('@resvg/resvg-js')])
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: 'DejaVu Sans' },
  })
  return picture.render().asPng()
}

/** Returns a chart as one HTML page that needs no network: its data, Vega and Vega-Lite are part of it. */
export async function toHtml(spec: Spec): Promise<string> {
  const sources = await vegaSources()
  const scripts = sources.map((source) => `<script>${source.replaceAll('</script', '<\\/script')}</script>`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(titleOf(spec))}</title>
<style>
body { margin: 0; background: ${spec.background as string}; font: 14px ${font}; }
#chart svg { max-width: 100%; height: auto; }
</style>
<div id="chart" role="img" aria-label="${escaped(titleOf(spec))}"></div>
${scripts.join('\n')}
<script>
const spec = ${JSON.stringify(spec).replaceAll('<', '\\u003c')}
new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'svg', container: '#chart', hover: true }).runAsync()
</script>
</html>
`
}

/** Vega is loaded when the first chart is drawn, for it takes long; without a canvas it would only guess at widths of text. */
async function importVega(): Promise<typeof import('vega')> {
  const vega = await import('vega')
  const { textMetrics } = vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } }
  textMetrics.width = ({ fontSize = 11, limit }, text) => {
    const width = textWidth(typeof text === 'string' ? text.trim() : '', fontSize)
    return limit ? Math.min(limit, width) : width
  }
  return vega
}

interface TextItem {
  fontSize?: number
  limit?: number
}

function titleOf({ title }: Spec): string {
  const text = typeof title === 'object' && 'text' in title ? title.text : title
  return typeof text === 'string' ? text : ''
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
