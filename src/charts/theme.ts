import type { Config } from 'vega-lite'

/** The names of the themes. */
export const themeNames = ['light', 'dark'] as const
export type ThemeName = (typeof themeNames)[number]

/** The colours of a theme. */
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

/**
 * Hues after Okabe and Ito, "Color Universal Design" (2008), moved in lightness and hue until readers of any colour vision can tell
 * them apart and from the background: test/charts/palette.test.ts measures it.
 */
export const palettes: Record<ThemeName, Palette> = {
  light: {
    background: '#ffffff',
    ink: '#1b1f24',
    muted: '#57606a',
    grid: '#e4e7eb',
    up: '#0073e0',
    down: '#bd5100',
    band: '#8a94a1',
    win: '#067555',
    loss: '#933b84',
    series: ['#0073e0', '#bd5100', '#067555', '#933b84', '#ba8b00', '#0a9bde', '#565d62', '#7a3b00'],
  },
  dark: {
    background: '#14181d',
    ink: '#eceff2',
    muted: '#a9b3be',
    grid: '#2b323a',
    up: '#059ffd',
    down: '#f5741b',
    band: '#7f8b98',
    win: '#3ee29c',
    loss: '#e3a2c9',
    series: ['#059ffd', '#f5741b', '#3ee29c', '#e3a2c9', '#efe340', '#a7d8fb', '#939a9e', '#c58b60'],
  },
}

/** Pixels of titles and of the lines below them. */
export const titleSize = 19
export const subtitleSize = 13

/** The font of every text; it is the one that pictures are drawn with. */
export const font = 'DejaVu Sans, Verdana, sans-serif'

/** Returns the Vega-Lite configuration of a theme. */
export function themeConfig({ ink, muted, grid, series }: Palette): Config {
  return {
    font,
    view: { stroke: null },
    title: {
      anchor: 'start', frame: 'bounds', fontSize: titleSize, color: ink, offset: 14,
      subtitleFontSize: subtitleSize, subtitleColor: muted, subtitlePadding: 6,
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
