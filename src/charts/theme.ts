import type { Config } from 'vega-lite'

/** The names of the themes. */
export const themeNames = ['light', 'dark'] as const
export type ThemeName = (typeof themeNames)[number]

/** The colours of a theme; those that must be told apart differ in lightness as well as in hue. */
export interface Palette {
  background: string
  ink: string
  muted: string
  grid: string
  /** Rising bars, gains. */
  up: string
  /** Falling bars, losses. */
  down: string
  /** The envelope and other areas behind the bars. */
  band: string
  /** Trades that won and lost, where they lie over bars. */
  win: string
  loss: string
  /** Series that have no meaning of their own, in the order of their use. */
  series: readonly string[]
}

/** Hues after Okabe and Ito, "Color Universal Design" (2008), darkened or lightened where a thin line needs it. */
export const palettes: Record<ThemeName, Palette> = {
  light: {
    background: '#ffffff',
    ink: '#1b1f24',
    muted: '#57606a',
    grid: '#e4e7eb',
    up: '#0072b2',
    down: '#d55e00',
    band: '#8c96a3',
    win: '#00805e',
    loss: '#b0307f',
    series: ['#0072b2', '#d55e00', '#00805e', '#b0307f', '#b38600', '#2f9ad6', '#57606a', '#7a3b00'],
  },
  dark: {
    background: '#14181d',
    ink: '#eceff2',
    muted: '#a9b3be',
    grid: '#2b323a',
    up: '#56b4e9',
    down: '#f0803c',
    band: '#7f8b98',
    win: '#3ddcab',
    loss: '#ee8fc6',
    series: ['#56b4e9', '#f0803c', '#3ddcab', '#ee8fc6', '#f0e442', '#9ad1f5', '#a9b3be', '#c98a5a'],
  },
}

/** The font of every text; it is the one that pictures are drawn with. */
export const font = 'DejaVu Sans, Verdana, sans-serif'

/** Returns the Vega-Lite configuration of a theme. */
export function themeConfig({ ink, muted, grid, series }: Palette): Config {
  return {
    font,
    view: { stroke: null },
    title: {
      anchor: 'start', frame: 'bounds', fontSize: 19, color: ink, offset: 14,
      subtitleFontSize: 13, subtitleColor: muted, subtitlePadding: 6,
    },
    axis: {
      labelFontSize: 12.5, titleFontSize: 13, titleFontWeight: 'normal', labelColor: muted, titleColor: ink,
      gridColor: grid, domainColor: muted, tickColor: muted, titlePadding: 10, labelPadding: 5,
    },
    axisX: { grid: false },
    axisY: { domain: false, ticks: false },
    legend: {
      orient: 'top', direction: 'horizontal', title: null, labelFontSize: 12.5, labelColor: ink,
      symbolSize: 110, columnPadding: 18, labelLimit: 220, offset: 0, padding: 5,
    },
    header: { labelFontSize: 13, labelColor: ink, titleFontSize: 13, titleColor: ink },
    text: { fontSize: 12.5, color: ink },
    range: { category: [...series] },
  }
}
