import { areasOverlay } from './areas-overlay.js'
import { blockOverlay, confinesOverlay } from './congestion-overlays.js'
import { higherOverlay } from './higher-overlay.js'
import { linesOverlay } from './lines-overlay.js'
import type { Overlay, OverlaySource } from './overlay.js'
import { lineKinds, usualParts, type LineKind, type PricePart } from './plotted.js'
import { zonesOverlay } from './zones-overlay.js'

/** Which parts of the geometry a price chart shows. */
export interface PartChoice {
  /** Default: PLdot and envelope. */
  parts?: readonly PricePart[]
  /** The termination lines among them. Default all. */
  lines?: readonly LineKind[]
  /** Name of the higher timeframe whose PLdot and envelope are shown. */
  higher?: string
}

/** Returns the overlays of the chosen parts that are drawn over the prices, from the back to the front. */
export function priceOverlays(source: OverlaySource, choice: PartChoice): Overlay[] {
  const { parts = usualParts, lines = lineKinds, higher = 'higher' } = choice
  const overlays: Partial<Record<PricePart, () => Overlay>> = {
    areas: () => areasOverlay(source),
    higher: () => higherOverlay(source, higher),
    confines: () => confinesOverlay(source),
    block: () => blockOverlay(source),
    zones: () => zonesOverlay(source),
    lines: () => linesOverlay(source, lines),
  }
  return Object.entries(overlays).filter(([part]) => parts.some((name) => name === part)).map(([, make]) => make())
}
