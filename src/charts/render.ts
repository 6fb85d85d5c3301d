import type { Spec as VegaSpec } from 'vega'
import type { Spec } from './frame.js'
import { drawingScripts, fontFiles } from './assets.js'
import { chartPage } from './page.js'
import { textWidth } from './text-width.js'

/** The forms in which a chart is written. */
export const chartFormats = ['json', 'svg', 'png', 'html'] as const
export type ChartFormat = (typeof chartFormats)[number]

/** Returns the content of a chart's file: a Vega-Lite specification with its data, a picture, or a page of its own. */
export async function renderChart(spec: Spec, format: ChartFormat): Promise<string | Uint8Array> {
  if (format === 'json') return toVegaLiteJson(spec)
  if (format === 'html') return toHtml(spec)
  return format === 'svg' ? toSvg(spec) : toPng(spec)
}

/** Returns a chart as the text of a Vega-Lite file, with its data. */
export function toVegaLiteJson(spec: Spec): string {
  return `${JSON.stringify(spec, null, 1)}\n`
}

/** Returns a chart as SVG. */
export async function toSvg(spec: Spec): Promise<string> {
  const [vega, compiled] = await Promise.all([importVega(), toVega(spec)])
  const view = new vega.View(vega.parse(compiled), { renderer: 'none' })
  try {
    return `${await view.toSVG()}\n`
  } finally {
    view.finalize()
  }
}

/** Returns a chart as Vega draws it, with what is under the pointer, but with axes that do not move. */
export async function toVega(spec: Spec): Promise<VegaSpec> {
  const { compile } = await import('vega-lite')
  return compile(still(spec)).spec
}

/** Returns a chart as a page that needs no network: with what is under the pointer, and where there are sessions, closer looks. */
export async function toHtml(spec: Spec): Promise<string> {
  const { compile } = await import('vega-lite')
  return chartPage({ spec, vega: compile(spec).spec, scripts: drawingScripts(), canZoom: JSON.stringify(spec).includes('"bind":"scales"') })
}

/** Returns a chart as PNG, drawn with the fonts that come with the package. */
export async function toPng(spec: Spec): Promise<Uint8Array> {
  const [svg, { Resvg }] = await Promise.all([toSvg(spec), import('@resvg/resvg-js')])
  const picture = new Resvg(svg, {
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: 'DejaVu Sans' },
  })
  return picture.render().asPng()
}

/**
 * A picture does not move: without clipping, which a movable axis brings along, it has no identifiers, which several pictures in
 * one page would share.
 */
function still(spec: Spec): Spec {
  return JSON.parse(JSON.stringify(spec), (key, value: unknown) => {
    if (key === 'clip') return undefined
    return key === 'params' && Array.isArray(value) ? value.filter(({ bind }: { bind?: unknown }) => bind !== 'scales') : value
  }) as Spec
}

/** Vega is loaded for the first chart, for it takes long; without a canvas it would only guess at widths of text. */
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
