import { checkBounds, optionOf, type Bounds } from '../bounds.js'
import type { Parameters } from '../database/parameters.js'
import { nearest, usageError } from '../errors.js'

/** The ways in which the envelope is computed: `mean` of the one-ones, and the four of the earlier system. */
export const envelopeMethods = ['mean', 'pldot_stdev', 'range', 'atr', 'percent'] as const

/** The name of a way in which the envelope is computed. */
export type EnvelopeMethod = (typeof envelopeMethods)[number]

/** How the geometry is computed. */
export interface Geometry {
  /** The dot with which a close is compared: 1 the one plotted on its bar, 0 the one that includes it; default 1. */
  displacement: 0 | 1
  /** How the envelope is computed: `mean` of the one-ones, or one of the ways of the earlier system; default `mean`. */
  envelopeMethod: EnvelopeMethod
  /** Bars of the mean true range of the method `atr`; default 14. */
  atrBars: number
  /** Half width of the method `atr`, in mean true ranges; default 1.5. */
  atrMultiple: number
  /** Half width of the method `percent`, in per cent of the dot; default 1. */
  envelopePercent: number
  /** How many widths of the envelope a close must lie outside of it to count for `envelope_exhaust`; default 0.5. */
  exhaustWidths: number
  /** How near a bar must come to a termination line to touch it, as a share of the close; default 0.0005. */
  touchTolerance: number
  /** How near a bar must come to a termination line to approach it, as a share of the close; default 0.005. */
  approachTolerance: number
}

/** Choices of the geometry, of which any may be left to its default. */
export type GeometrySpec = { [Name in keyof Geometry]?: Geometry[Name] | undefined }

/** The geometry when nothing is chosen. */
export const usualGeometry: Geometry = {
  ...{ displacement: 1, envelopeMethod: 'mean', atrBars: 14, atrMultiple: 1.5, envelopePercent: 1 },
  ...{ exhaustWidths: 0.5, touchTolerance: 0.0005, approachTolerance: 0.005 },
}

/** The names of the choices, in the order in which they are shown. */
export const geometryNames = Object.keys(usualGeometry) as (keyof Geometry)[]

/** The choices that are numbers. */
export type GeometryNumber = Exclude<keyof Geometry, 'displacement' | 'envelopeMethod'>

const bounds: Readonly<Record<GeometryNumber, Bounds>> = {
  atrBars: { least: 1, most: 10_000, isWhole: true },
  ...{ atrMultiple: { above: 0 }, envelopePercent: { above: 0, most: 100 }, exhaustWidths: { least: 0 } },
  ...{ touchTolerance: { least: 0, most: 1 }, approachTolerance: { least: 0, most: 1 } },
}

/** The one method of the envelope for which a choice counts. */
const methods: Partial<Record<keyof Geometry, EnvelopeMethod>> = { atrBars: 'atr', atrMultiple: 'atr', envelopePercent: 'percent' }

/** Values of the models' parameters unless a caller gives others. */
export const modelParameters: Parameters = geometryParameters({})

/** Makes a `Geometry` of a `GeometrySpec`. Throws a usage error that names the option at fault. */
export function geometry(spec: GeometrySpec): Geometry {
  const made = chosen(spec)
  assertKnown('displacement', made.displacement, [0, 1])
  assertKnown('envelopeMethod', made.envelopeMethod, envelopeMethods)
  for (const [name, bound] of Object.entries(bounds)) checkBounds(parameterOf(name), made[name as GeometryNumber], bound)
  const stray = geometryNames.find((name) => spec[name] !== undefined && (methods[name] ?? made.envelopeMethod) !== made.envelopeMethod)
  if (stray === undefined) return made
  const option = optionOf(parameterOf(stray))
  throw usageError({ what: `${option} belongs to another envelope`, expected: `--envelope-method ${methods[stray]} besides` })
}

/** Returns the models' parameters by name, those that are not chosen with their defaults; of an object with other fields too. */
export function geometryParameters(spec: GeometrySpec): Parameters {
  const made = chosen(spec)
  return Object.fromEntries(geometryNames.map((name) => [parameterOf(name), made[name]]))
}

/** Returns in words what is chosen otherwise than usual and counts, such as `envelope by the method range`. */
export function geometryTexts(parameters: Parameters): string[] {
  const idle = geometryNames.filter((name) => methods[name] !== undefined && methods[name] !== parameters.envelope_method).map(parameterOf)
  const differing = Object.entries(parameters).filter(([name, value]) => value !== modelParameters[name] && !idle.includes(name))
  return differing.map(([name, value]) => {
    if (name === 'displacement') return 'displacement 0: closes against the dot that includes them'
    if (name === 'envelope_method') return `envelope by the method ${String(value)}`
    return `${name.replaceAll('_', ' ')} ${String(value)}`
  })
}

/** Returns the parameter of a choice: `atr_bars` of `atrBars`. */
export function parameterOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function chosen(spec: GeometrySpec): Geometry {
  const given = Object.entries<unknown>(spec).filter(([name, value]) => name in usualGeometry && value !== undefined)
  return { ...usualGeometry, ...Object.fromEntries(given) }
}

function assertKnown(name: string, value: string | number, known: readonly (string | number)[]): void {
  if (known.includes(value)) return
  const names = known.map(String)
  const where = optionOf(parameterOf(name))
  throw usageError({ what: `there is no "${value}"`, where, expected: names.join(', '), nearest: nearest(String(value), names) })
}
