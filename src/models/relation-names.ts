import { runRelations } from '../store/run-relations.js'
import { readModels } from './model.js'

/** Models that only take the place of another one or are read by one alone. */
const inner = /^(?:resampled_|other_)/

/** Returns the names of all relations that SQL can read, sorted. */
export function relationNames(): string[] {
  const models = [...readModels().keys()].filter((name) => !inner.test(name))
  return [...models, 'batches', 'corporate_actions', 'instruments', 'runs', ...Object.keys(runRelations)].sort()
}

/** Returns the relations whose names stand in `sql`: all that it reads, and perhaps a few that it does not. */
export function relationsNamed(sql: string): string[] {
  const words = new Set(sql.toLowerCase().match(/[a-z_]\w*/g))
  return relationNames().filter((name) => words.has(name))
}
