import { markWidth } from './next-labels.js'
import { numberIn, type Overlay, type OverlaySource } from './overlay.js'
import { columnsOf } from './plotted.js'

/** Returns the extensions of the termination lines: levels for the bar after the next, with their names. */
export function extensionsOverlay({ bars, palette }: OverlaySource): Overlay {
  const last = bars[bars.length - 1]
  const extensions = columnsOf('extensions').flatMap((column) => {
    const price = numberIn(last, column)
    const [, family, member, way] = column.split('_')
    return price === null ? [] : [{ price, name: `${family}-${member} ${way} extension`, role: way === 'up' ? 'extended support' : 'extended resistance' }]
  })
  const found = new Set(extensions.map(({ role }) => role))
  const legend = [['extended support', palette.series[5]], ['extended resistance', palette.series[4]]] as const
  return {
    legend: legend.filter(([role]) => found.has(role)),
    datasets: { extensions },
    labels: extensions.map(({ price, name }) => ({ price, text: name, hasPrice: true })),
    layers: ({ scale, y, step, colors }) => [{
      data: { name: 'extensions' },
      transform: [
        { calculate: `${last.i + 0.5 + markWidth / 2 / step}`, as: 'start' },
        { calculate: `${last.i + 0.5 + markWidth / step}`, as: 'end' },
      ],
      mark: { type: 'rule', strokeWidth: 2.4 },
      encoding: { x: scale.x('start'), x2: { field: 'end' }, y: y('price'), color: colors.by('role') },
    }],
  }
}
