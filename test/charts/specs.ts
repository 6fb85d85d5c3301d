import type { Spec } from '../../src/charts/frame.js'

/** Returns the rows that a chart draws under a name; none when it has no such rows. */
export function dataset<Row>(spec: Spec, name: string): Row[] {
  const { datasets = {} } = spec as { datasets?: Record<string, Row[]> }
  return datasets[name] ?? []
}

/** Returns the title of a chart and the lines below it. */
export function titles(spec: Spec): { text: string; subtitle: string[] } {
  return spec.title as unknown as { text: string; subtitle: string[] }
}

/** Returns how many shapes an SVG has in groups of one kind of mark, such as `rect`. */
export function countMarks(svg: string, kind: string): number {
  const groups = svg.match(new RegExp(`<g class="mark-${kind} role-mark[^>]*>.*?</g>`, 'gs')) ?? []
  return groups.reduce((count, group) => count + (group.match(/<(?:path|line|text) /g) ?? []).length, 0)
}
