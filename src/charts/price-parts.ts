import { areasOverlay } from './areas-overlay.js'
import { confluenceOverlay } from './confluence-overlay.js'
import { blockOverlay, blockZoneOverlay, confinesOverlay } from './congestion-overlays.js'
import { extensionsOverlay } from './extensions-overlay.js'
import { higherOverlay } from './higher-overlay.js'
import { levelsOverlay } from './levels-overlay.js'
import { linesOverlay } from './lines-overlay.js'
import { nextDotOverlay, nextEnvelopeOverlay } from './next-overlays.js'
import type { Overlay, OverlaySource } from './overlay.js'
import { patternsStrip } from './patterns-strip.js'
import { lineKinds, patternKinds, usualParts, type LineKind, type PatternKind, type PricePart } from './plotted.js'
import { ribbonStrip } from './ribbons.js'
import { scoresStrip } from './scores-strip.js'
import type { StripOverlay } from './strips.js'
import { touchesOverlay } from './touches-overlay.js'
import { zonesOverlay } from './zones-overlay.js'

/** Which parts of the geometry a price chart shows. */
export interface PartChoice {
  /** Default: PLdot and envelope. */
  parts?: readonly PricePart[]
  /** The termination lines among them. Default all. */
  lines?: readonly LineKind[]
  /** The kinds of patterns among them. Default all. */
  patterns?: readonly PatternKind[]
  /** Name of the higher timeframe whose PLdot and envelope are shown. */
  higher?: string
}

type Makers<Part> = Partial<Record<PricePart, () => Part>>
/** What is drawn of a part, with its name. */
export type Named<Part> = Part & { part: PricePart }

/** Returns the overlays of the chosen parts that are drawn over the prices, from the back to the front. */
export function priceOverlays(source: OverlaySource, choice: PartChoice): Named<Overlay>[] {
  const { lines = lineKinds, higher = 'higher' } = choice
  return chosen<Overlay>(choice, {
    areas: () => areasOverlay(source),
    higher: () => higherOverlay(source, higher),
    confines: () => confinesOverlay(source),
    block_zone: () => blockZoneOverlay(source),
    block: () => blockOverlay(source),
    envelope: () => nextEnvelopeOverlay(source),
    dot: () => nextDotOverlay(source),
    confluence: () => confluenceOverlay(source),
    one_ones: () => levelsOverlay(source, 'one_ones'),
    main_channel: () => levelsOverlay(source, 'main_channel'),
    red_bird: () => levelsOverlay(source, 'red_bird'),
    extensions: () => extensionsOverlay(source),
    touches: () => touchesOverlay(source),
    zones: () => zonesOverlay(source),
    lines: () => linesOverlay(source, lines),
  })
}

/** Returns the chosen parts that are drawn in strips of their own, from the top down. */
export function stripOverlays(source: OverlaySource, choice: PartChoice): Named<StripOverlay>[] {
  const { patterns = patternKinds } = choice
  return chosen<StripOverlay>(choice, {
    runs: () => ribbonStrip(source, 'runs'),
    bar_states: () => ribbonStrip(source, 'bar_states'),
    grades: () => ribbonStrip(source, 'grades'),
    states: () => ribbonStrip(source, 'states'),
    momentum: () => ribbonStrip(source, 'momentum'),
    patterns: () => patternsStrip(source, patterns),
    alignment: () => scoresStrip(source, 'alignment'),
    strength: () => scoresStrip(source, 'strength'),
    actions: () => ribbonStrip(source, 'actions'),
    risk: () => ribbonStrip(source, 'risk'),
  })
}

function chosen<Part>({ parts = usualParts }: PartChoice, makers: Makers<Part>): Named<Part>[] {
  const made = Object.entries(makers) as [PricePart, () => Part][]
  return made.filter(([part]) => parts.includes(part)).map(([part, make]) => ({ part, ...make() }))
}
