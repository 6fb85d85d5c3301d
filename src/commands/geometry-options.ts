import { Option, type Command } from 'commander'
import { optionOf } from '../bounds.js'
import { envelopeMethods, geometry, parameterOf, type GeometryNumber, type GeometrySpec } from '../models/parameters.js'
import { number } from './globals.js'

/** The choices that are numbers: name, what stands for the number, and what it means. */
const numbers: readonly (readonly [name: GeometryNumber, value: string, help: string])[] = [
  ['atrBars', '<n>', 'bars of the mean true range of --envelope-method atr (default: 14)'],
  ['atrMultiple', '<multiple>', 'half width of --envelope-method atr in mean true ranges (default: 1.5)'],
  ['envelopePercent', '<per cent>', 'half width of --envelope-method percent (default: 1)'],
  ['exhaustWidths', '<widths>', 'how far outside of the envelope a close counts for envelope_exhaust (default: 0.5)'],
  ['touchTolerance', '<share>', 'how near, as a share of the close, a line counts as touched (default: 0.0005)'],
  ['approachTolerance', '<share>', 'how near, as a share of the close, a line counts as approached (default: 0.005)'],
]

/** The options that say how the geometry is computed, as text. */
export type GeometryOptions = { [Name in keyof Required<GeometrySpec>]?: string }

/** Adds the options that say how the geometry is computed to a command. */
export function addGeometryOptions(command: Command): Command {
  const displacement = 'bars that the dot is plotted ahead: with 0 a close is compared with the dot that includes it (default: 1)'
  const method = 'how the envelope is computed (default: mean, that of the one-ones)'
  command.addOption(new Option('--displacement <bars>', displacement).choices(['0', '1']))
  command.addOption(new Option('--envelope-method <method>', method).choices(envelopeMethods))
  for (const [name, value, help] of numbers) command.option(`${optionOf(parameterOf(name))} ${value}`, help)
  return command
}

/** Returns what the options of a command say of the geometry. Throws a usage error for what is not possible. */
export function geometrySpec(options: GeometryOptions): GeometrySpec {
  const { displacement, envelopeMethod } = options
  const spec = {
    displacement: displacement === undefined ? undefined : displacement === '0' ? 0 : 1,
    envelopeMethod,
    ...Object.fromEntries(numbers.map(([name]) => [name, number(optionOf(parameterOf(name)), options[name])])),
  } as GeometrySpec
  geometry(spec)
  return spec
}
