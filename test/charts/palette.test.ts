import { describe, expect, it } from 'vitest'
import { palettes, themeNames, type Palette } from '../../src/charts/theme.js'
import { contrast, difference, labOf, visions, type Hex, type Vision } from './color-vision.js'

/** Differences (CIEDE2000) that small marks need; about 2 is just to be seen in large areas side by side. */
const least = { opposites: 20, together: 14, any: 10 }

const pairs = <One>(list: readonly One[]) => list.flatMap((one, at) => list.slice(at + 1).map((other) => [one, other] as const))

/** Colours that mean opposites. */
function opposites({ up, down, win, loss }: Palette): (readonly [string, string])[] {
  return [[up, down], [win, loss]]
}

/** Colours that one picture has beside each other: candles and trades, and neighbours among the series. */
function together({ up, down, win, loss, series }: Palette): (readonly [string, string])[] {
  return [...pairs([up, down, win, loss]), ...pairs(series.slice(0, 4)), ...series.slice(1).map((color, at) => [series[at], color] as const)]
}

describe.each(themeNames)('the colours of the theme %s', (theme) => {
  const palette = palettes[theme]

  it.each(Object.keys(visions) as Vision[])('are told apart with %s', (vision) => {
    const near = (list: readonly (readonly [string, string])[], limit: number) => list.flatMap(([one, other]) => {
      const found = difference(labOf(one as Hex, vision), labOf(other as Hex, vision))
      return found < limit ? [`${one} and ${other} differ by ${found.toFixed(1)} only, not ${limit}`] : []
    })
    expect(near(opposites(palette), least.opposites)).toEqual([])
    expect(near(together(palette), least.together)).toEqual([])
    expect(near(pairs(palette.series), least.any)).toEqual([])
    expect(near(palette.series.map((color) => [color, palette.ink] as const), least.any)).toEqual([])
    expect(near([palette.up, palette.down, palette.win, palette.loss].map((color) => [color, palette.band] as const), least.any)).toEqual([])
  })

  it('stand out from the background as WCAG 2.2 wants it: text 4.5, marks 3', () => {
    const { background, ink, muted, up, down, win, loss, band, series } = palette
    const weak = (colors: readonly string[], ratio: number) => colors.filter((color) => contrast(color as Hex, background as Hex) < ratio)
    expect(weak([ink, muted], 4.5)).toEqual([])
    expect(weak([up, down, win, loss, band, ...series], 3)).toEqual([])
  })
})

describe('the measures of colours', () => {
  it('are those of the published test data', () => {
    expect(difference([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4)
    expect(difference([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514])).toBeCloseTo(0.9082, 4)
    expect(difference([50, 2.5, 0], [56, -27, -3])).toBeCloseTo(31.903, 4)
    expect(labOf('#ff0000', 'full').map((value) => Math.round(value * 10) / 10)).toEqual([53.2, 80.1, 67.2])
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 9)
  })

  it('find red and green alike without the cones that tell them apart', () => {
    const distance = (vision: Vision) => difference(labOf('#b04a20', vision), labOf('#5d7a1c', vision))
    expect(distance('full')).toBeGreaterThan(35)
    expect(distance('deuteranopia')).toBeLessThan(20)
  })
})
