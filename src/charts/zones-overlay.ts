import { decimal, priceDecimals } from '../format.js'
import { markWidth, type NextLabel } from './next-labels.js'
import { numberIn, type Overlay, type OverlaySource, type PlacedBar } from './overlay.js'

/** A zone for the bar after the last; `low` and `high` are equal where it is a single level. */
interface NextZone {
  role: 'support zone' | 'resistance zone'
  reach: 'nearby' | 'further'
  low: number
  high: number
}

/** Returns the nearby and the further zones for the bar after the last, with their names and prices. */
export function zonesOverlay({ bars, palette }: OverlaySource): Overlay {
  const last = bars[bars.length - 1]
  const zones = nextZones(last)
  const roles = new Set(zones.map(({ role }) => role))
  const legend = [['support zone', palette.win], ['resistance zone', palette.loss]] as const
  return {
    legend: legend.filter(([role]) => roles.has(role)),
    datasets: { zones },
    labels: zones.map(labelOf),
    layers: ({ scale, y, step, colors }) => [{
      data: { name: 'zones' },
      transform: [
        { calculate: `${last.i + 0.5} + (datum.reach === 'nearby' ? 0 : ${markWidth / 2 / step})`, as: 'start' },
        { calculate: `${last.i + 0.5 + markWidth / step}`, as: 'end' },
      ],
      mark: { type: 'rect', fillOpacity: 0.35, strokeWidth: 1.6 },
      encoding: {
        x: scale.x('start'), x2: { field: 'end' }, y: y('low'), y2: { field: 'high' }, color: colors.by('role'),
        stroke: { condition: { test: "datum.role === 'support zone'", value: palette.win }, value: palette.loss },
      },
    }],
  }
}

function nextZones(bar: PlacedBar): NextZone[] {
  const reaches = ['nearby', 'further'] as const
  return reaches.flatMap((reach) => (['support', 'resistance'] as const).flatMap((side) => {
    const [low, high] = [numberIn(bar, `${reach}_${side}_low`), numberIn(bar, `${reach}_${side}_high`)]
    return low === null || high === null ? [] : [{ role: `${side} zone` as const, reach, low, high }]
  }))
}

function labelOf({ role, reach, low, high }: NextZone): NextLabel {
  const [bottom, top] = [low, high].map((price) => decimal(price, priceDecimals(price)))
  const prices = low === high ? bottom : `${bottom} to ${top}`
  return { price: (low + high) / 2, text: `${reach} ${role.replace(' zone', '')} ${prices}`, hasPrice: false }
}
