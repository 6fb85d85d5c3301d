import { usageError } from '../errors.js'
import { geometryNames, geometryParameters, geometryTexts, type GeometrySpec } from '../models/parameters.js'
import { higherTimeframes, parseTimeframes, usualHigher, type Timeframe } from '../store/timeframe.js'
import type { BarSelection } from './geometry-rows.js'

/** What is chosen of the geometry of a chart of bars, and the relation that holds it. */
export interface DrawnChoice extends Pick<BarSelection, 'timeframe' | 'relation'> {
  geometry: GeometrySpec
  /** Names of higher timeframes, nearest first; undefined: none are chosen. */
  higher: readonly string[] | undefined
}

/** What the record of a run says of its geometry. */
export interface RunGeometry {
  timeframe: string
  higher: readonly string[]
  configuration: GeometrySpec
}

/** The geometry of a chart of bars. */
export interface DrawnGeometry {
  geometry: GeometrySpec
  /** Nearest first; none where the parts are of one timeframe. */
  higher: readonly Timeframe[]
  /** In words what is not as usual, and that it is not the geometry of the run. */
  notes: string[]
}

/**
 * Returns the geometry to be drawn beside the trades of a run, null standing for none: that of the run, as far as no other is chosen.
 * Throws a usage error when higher timeframes are to be drawn that there are not, or are chosen where none is drawn.
 */
export function drawnGeometry(choice: DrawnChoice, run: RunGeometry | null): DrawnGeometry {
  const ofRun = run?.configuration ?? null
  const geometry = Object.fromEntries(geometryNames.map((name) => [name, choice.geometry[name] ?? ofRun?.[name]]))
  const parameters = geometryParameters(geometry)
  const differs = ofRun !== null && Object.entries(geometryParameters(ofRun)).some(([name, value]) => value !== parameters[name])
  const { higher, notes, isOther } = drawnHigher(choice, run)
  const other = differs || isOther ? ['not the geometry of the run'] : []
  return { geometry, higher, notes: [...geometryTexts(parameters), ...notes, ...other] }
}

function drawnHigher({ timeframe, relation, higher: names }: DrawnChoice, run: RunGeometry | null) {
  if (relation !== 'context') {
    if (names === undefined) return { higher: [], notes: [], isOther: false }
    throw usageError({ what: '--higher chooses timeframes above the bars', expected: 'a part that shows one besides, such as --show higher' })
  }
  // a run of other bars was beside other timeframes
  const ofRun = run?.timeframe === timeframe.name ? parseTimeframes(run.higher) : null
  const usual = usualHigher(timeframe)
  const higher = names === undefined ? ofRun ?? usual : higherTimeframes(timeframe, names)
  if (higher.length === 0) throw usageError({ what: `${timeframe.name} has no higher timeframe`, expected: 'parts of one timeframe' })
  const notes = textOf(higher) === textOf(usual) ? [] : [`beside ${textOf(higher)}`]
  return { higher, notes, isOther: ofRun !== null && textOf(higher) !== textOf(ofRun) }
}

function textOf(frames: readonly Timeframe[]): string {
  return frames.map(({ name }) => name).join(' and ')
}
