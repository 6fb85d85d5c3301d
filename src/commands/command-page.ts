import type { Io } from '../io.js'

/** Runs a command line, as `main` of the program does. */
export type RunCommandLine = (argv: readonly string[], io: Io) => Promise<number>

/** Returns the page `docs/commands/<name>.md`: the help of a command as the program prints it, examples apart. */
export async function commandPage(name: string, runCommandLine: RunCommandLine): Promise<string> {
  let help = ''
  const code = await runCommandLine([name, '--help'], { ...silent, out: (text) => void (help += text) })
  if (code !== 0) throw new Error(`dgas ${name} --help ended with ${code}`)
  const parts = help.trimEnd().split(/\n+Examples:\n/)
  const examples = parts.at(1)
  const shown = examples === undefined ? '' : `\n\`\`\`\n${examples.replaceAll(/^ {2}\$ /gm, '')}\n\`\`\`\n`
  return `# dgas ${name}\n${shown}\n\`\`\`text\n${parts[0]}\n\`\`\`\n`
}

const silent: Io = {
  out: () => undefined,
  err: () => undefined,
  input: () => Promise.resolve(''),
  env: {},
  now: () => new Date(0),
  ...{ isTerminal: false, isErrorTerminal: false, columns: 100 },
}
