import { Command } from 'commander'
import { openDatabase } from '../database/database.js'
import { outputWidth, type Io } from '../io.js'
import { relationsText, relationText } from '../query/schema-text.js'
import { readSchema } from '../query/schema.js'
import { globalOptions } from './globals.js'

const examples = `
Examples:
  $ dgas schema
  $ dgas schema trades
  $ dgas schema geometry --json`

/** The command `dgas schema`. */
export function schemaCommand(io: Io): Command {
  return new Command('schema')
    .summary('list the relations of queries and their columns')
    .description('Lists what dgas query can read: every relation, or the columns of one with their types and meanings.')
    .argument('[relation]', 'show the columns of this relation')
    .addHelpText('after', examples)
    .action(async (relation: string | undefined, _options: unknown, command: Command) => {
      const { json } = globalOptions(command, io)
      const database = await openDatabase({ threads: 1 })
      const relations = await readSchema(database, relation === undefined ? undefined : [relation.toLowerCase()])
      database.close()
      const width = outputWidth(io)
      if (json) io.out(`${JSON.stringify(relation === undefined ? relations : relations[0], null, 2)}\n`)
      else io.out(relation === undefined ? relationsText(relations, width) : relationText(relations[0], width))
    })
}
