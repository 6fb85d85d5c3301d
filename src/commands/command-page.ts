import type { Io } from '../io.js'

/** Runs a command line, as `main` of the program does. */
export type RunCommandLine = (argv: readonly string[], io: Io) => Promise<number>

/** Returns the page `docs/commands/<name>.md`: the help of a command and its parts as the program prints it, examples apart. */
export async function commandPage(name: string, runCommandLine: RunCommandLine): Promise<string> {
  const help = await helpOf([name], runCommandLine)
  const sections = [`# dgas ${name}\n${section(help)}`]
  for (const part of partsOf(help)) {
    sections.push(`## dgas ${name} ${part}\n${section(await helpOf([name, part], runCommandLine))}`)
  }
  return sections.join('\n')
}

async function helpOf(words: readonly string[], runCommandLine: RunCommandLine): Promise<string> {
  let help = ''
  const code = await runCommandLine([...words, '--help'], { ...silent, out: (text) => void (help += text) })
  if (code !== 0) throw new Error(`dgas ${words.join(' ')} --help ended with ${code}`)
  return help.trimEnd()
}

function section(help: string): string {
  const [text, examples] = help.split(/\n+Examples:\n/)
  return `\n\`\`\`\n${examples.replaceAll(/^ {2}\$ /gm, '')}\n\`\`\`\n\n\`\`\`text\n${text}\n\`\`\`\n`
}

/** The names of the commands that belong to a command. */
function partsOf(help: string): string[] {
  const [, commands = ''] = help.split(/^Commands:\n/m)
  return [...commands.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, part]) => part)
}

const silent: Io = {
  out: () => undefined,
  err: () => undefined,
  input: () => Promise.resolve(''),
  env: {},
  now: () => new Date(0),
  ...{ isTerminal: false, isErrorTerminal: false, columns: 100 },
}
