import { runRelations } from '../store/run-relations.js'
import { readModels } from './model.js'

/** Models that only take the place of another one, and the parts of `context`, which make sense within it alone. */
const inner = /^(?:resampled_\w+|other_\w+|frames|wider_frames|focus_levels|anchors|alignments|strengths|confluence|actions)$/

/** Returns the names of all relations that SQL can read, sorted. */
export function relationNames(): string[] {
  return [...barRelationNames(), 'batches', 'corporate_actions', 'runs', ...Object.keys(runRelations)].sort()
}

/** Returns the names of the relations that a strategy can read, sorted: those of bars and the instruments. */
export function barRelationNames(): string[] {
  return [...[...readModels().keys()].filter((name) => !inner.test(name)), 'instruments'].sort()
}

/** Returns the relations whose names stand in `sql`: all that it reads, and perhaps a few that it does not. */
export function relationsNamed(sql: string): string[] {
  const words = new Set(sql.toLowerCase().match(/[a-z_]\w*/g))
  return relationNames().filter((name) => words.has(name))
}
