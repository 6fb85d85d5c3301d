import { isBlank } from '../database/syntax.js'

/** Text in quotes, comments and dollar-quoted strings, each as a whole; unfinished ones are left for the last alternative. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|['"]|\/\*|[\s\S]/g

/**
 * Splits what was typed at the semicolons that end a statement, those in quotes and comments apart. The last part is what
 * has not ended yet; it is empty when nothing but blanks and comments is left.
 */
export function splitStatements(text: string): { statements: string[]; rest: string } {
  const statements: string[] = []
  let [current, isOpen] = ['', false]
  for (const [part] of text.matchAll(token)) {
    // an open quote or comment takes everything that follows
    isOpen ||= part === "'" || part === '"' || part === '/*'
    if (part === ';' && !isOpen) {
      statements.push(current)
      current = ''
    } else current += part
  }
  const meant = statements.filter((statement) => !isBlank(statement))
  return { statements: meant, rest: !isOpen && isBlank(current) ? '' : current }
}
