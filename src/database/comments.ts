const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g

/** Returns SQL with blanks in the place of its comments, so that all else keeps its place. */
export function withoutComments(sql: string): string {
  return sql.replaceAll(token, (text) => (/^(?:--|\/\*)/.test(text) ? text.replaceAll(/\S/g, ' ') : text))
}
