/**
 * @typedef {{ background: string, ink: string, muted: string, grid: string, up: string, down: string, band: string,
 *   win: string, loss: string, series: string[] }} Palette
 * @typedef {{ light: Palette, dark: Palette }} Palettes
 */

const dark = matchMedia('(prefers-color-scheme: dark)')
let isPrinting = false

/** Whether charts are drawn on a dark ground. */
export function isDark() {
  return dark.matches && !isPrinting
}

/** Calls `redraw` whenever the colours change: by the system's choice, or for print, which is always light. @param {() => void} redraw */
export function whenColoursChange(redraw) {
  dark.addEventListener('change', redraw)
  const printing = (/** @type {boolean} */ value) => () => {
    isPrinting = value
    if (dark.matches) redraw()
  }
  addEventListener('beforeprint', printing(true))
  addEventListener('afterprint', printing(false))
}

/** Returns a specification with the colours of the dark palette in place of those of the light one. @param {any} spec @param {Palettes} palettes */
export function inColours(spec, { light, dark: night }) {
  if (!isDark()) return spec
  const pairs = Object.entries(light).flatMap(([name, colour]) => {
    const other = night[/** @type {keyof Palette} */ (name)]
    return typeof colour === 'string' ? [[colour, other]] : colour.map((hue, at) => [hue, other[at]])
  })
  const turned = new Map(/** @type {[string, string][]} */ (pairs).map(([from, to]) => [from.toLowerCase(), to]))
  const { datasets, ...look } = spec
  const text = JSON.stringify(look).replaceAll(/#[0-9a-f]{6}\b/gi, (colour) => turned.get(colour.toLowerCase()) ?? colour)
  return { ...JSON.parse(text), ...(datasets === undefined ? {} : { datasets }) }
}

/** Returns the compiled form of a Vega-Lite specification. @param {any} spec @returns {any} */
export function compiled(spec) {
  return vegaLite.compile(structuredClone(spec), { logger: quiet }).spec
}

/** Draws a compiled chart into an element, in place of what was there. @param {any} vegaSpec @param {HTMLElement} into @param {boolean} hasTooltips */
export function drawn(vegaSpec, into, hasTooltips) {
  const view = new vega.View(vega.parse(vegaSpec), { renderer: 'svg', hover: true, logLevel: vega.Warn })
  if (hasTooltips) view.tooltip(new vegaTooltip.Handler({ theme: 'custom' }).call)
  view.initialize(into)
  view.run()
  return view
}

/** What Vega-Lite would say of a specification; those of this page are tested. @type {any} */
const quiet = { level: () => quiet, error: console.error, warn: () => quiet, info: () => quiet, debug: () => quiet }
