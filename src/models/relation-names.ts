import { runRelations } from '../store/run-relations.js'
import { readModels } from './model.js'

/** Models that only take the place of another one or are read by one alone. */
const inner = /^(?:resampled_|other_)/

/** Returns the names of all relations that SQL can read, sorted. */
export function relationNames(): string[] {
  const models = [...readModels().keys()].filter((name) => !inner.test(name))
  return [...models, 'instruments', 'runs', ...Object.keys(runRelations)].sort()
}
