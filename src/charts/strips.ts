import type { Layer } from './frame.js'
import { wholeView, type Strip } from './panel.js'
import type { Overlay } from './overlay.js'
import type { PricePen } from './price-layers.js'

/** What a part of the geometry shows in a strip of its own below the prices. */
export interface StripOverlay extends Pick<Overlay, 'legend' | 'datasets'> {
  /** Written above the strip. */
  title: string
  /** Share of the view's height, without the title. */
  height: number
  layers: (pen: PricePen, strip: Strip) => Layer[]
}

/** The strips of a price chart. */
export interface PriceStrips {
  price: Strip
  /** One for each overlay, from the top down. */
  overlays: readonly Strip[]
  /** Null: there is none. */
  volume: Strip | null
}

/** Share of the height above a strip, for its title. */
const gap = 0.06
/** Share of the height that strips other than volume take at most together. */
const most = 0.55

/** Returns the height in pixels of a chart with these strips of which none is squeezed; `usual` is that of one without strips. */
export function heightWith(overlays: readonly StripOverlay[], usual: number): number {
  return Math.round(usual * (1 + Math.max(0, wantedBy(overlays) - most)))
}

function wantedBy(overlays: readonly StripOverlay[]): number {
  return overlays.reduce((sum, { height }) => sum + height + gap, 0)
}

/** Returns the strips of a price chart, the prices above all others and the volume below them. */
export function priceStrips(overlays: readonly StripOverlay[], hasVolume: boolean): PriceStrips {
  const volume = hasVolume ? { top: 0.85, bottom: 1 } : null
  const end = hasVolume ? 0.8 : 1
  const wanted = wantedBy(overlays)
  const scale = Math.min(1, most / wanted)
  let top = end - wanted * scale
  const price = overlays.length === 0 && !hasVolume ? wholeView : { top: 0, bottom: top }
  const strips = overlays.map(({ height }) => {
    const strip = { top: top + gap * scale, bottom: top + (gap + height) * scale }
    top = strip.bottom
    return strip
  })
  return { price, overlays: strips, volume }
}

/** Returns the title of a strip, at the left above it. */
export function stripTitle({ palette }: PricePen, { title }: StripOverlay, { top }: Strip): Layer {
  return {
    data: { values: [{}] },
    mark: {
      type: 'text', text: title, align: 'left', baseline: 'bottom', fontSize: 11.5, color: palette.muted,
      x: 0, y: { expr: `height * ${top} - 2` },
    },
  }
}
