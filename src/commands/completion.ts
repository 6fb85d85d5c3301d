import { Argument, type Command as Program, Command, type Option } from 'commander'
import type { Io } from '../io.js'
import { relationNames } from '../models/relation-names.js'
import { storedSymbols, storedTimeframes } from '../store/layout.js'
import { runsFolder, sampleFolder, storeAt, type Store } from '../store/layout.js'
import { listRuns } from '../store/runs.js'
import { timeframes } from '../store/timeframe.js'
import { builtInStrategies } from '../strategies/strategy.js'
import { environmentStore } from './globals.js'

const description = `Prints what a shell needs to complete the commands of dgas by tab: commands, options and their values, runs, strategies,
timeframes, relations and symbols.`

const examples = `
Examples:
  $ dgas completion bash > ~/.local/share/bash-completion/completions/dgas
  $ dgas completion zsh > ~/.zfunc/_dgas
  $ dgas completion fish > ~/.config/fish/completions/dgas.fish`

const asked = 'dgas completion words --'

const scripts: Readonly<Record<string, string>> = {
  bash: `_dgas() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(${asked} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _dgas dgas
`,
  zsh: `#compdef dgas
_dgas() {
  local -a found
  found=("\${(@f)$(${asked} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a found
  _files
}
compdef _dgas dgas
`,
  fish: `complete -c dgas -a '(${asked} (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
}

/** The command `dgas completion`. */
export function completionCommand(io: Io): Command {
  return new Command('completion')
    .summary('complete commands by tab in bash, zsh or fish')
    .description(description)
    .addArgument(new Argument('<shell>', 'the shell; words lists what could follow the words of a command line').choices([...Object.keys(scripts), 'words']))
    .argument('[words...]', 'of words: the line so far, the last one being typed')
    .addHelpText('after', examples)
    .action((shell: string, words: string[], _options: unknown, command: Command) => {
      if (shell === 'words') io.out(wordsAfter(words, command.parent!, io).map((word) => `${word}\n`).join(''))
      else io.out(scripts[shell])
    })
}

/** Returns what the last word can be. */
function wordsAfter(words: readonly string[], program: Program, { env }: Io): string[] {
  const [current, before] = [words.at(-1) ?? '', words.slice(0, -1)]
  const command = program.commands.find((each) => before.includes(each.name()))
  const options = [...(command?.options ?? []), ...program.options]
  const valued = options.find((option) => option.required && [option.short ?? option.long, option.long].includes(before.at(-1) ?? ''))
  const store = storeOf(before, env)
  if (valued !== undefined) return startingWith(current, valuesOf(valued, store))
  if (current.startsWith('-')) return startingWith(current, options.flatMap(({ long }) => long ?? []).concat('--help'))
  return startingWith(current, command === undefined ? program.commands.map((each) => each.name()) : operands(command, store))
}

function startingWith(current: string, words: readonly string[]): string[] {
  return [...new Set(words)].filter((word) => word.startsWith(current))
}

/** The store of the line, or the sample store when that one holds no bars. */
function storeOf(before: readonly string[], env: Io['env']): Store {
  const at = before.indexOf('--store')
  const store = storeAt(at >= 0 ? before.at(at + 1) : environmentStore(env))
  return storedTimeframes(store).length > 0 ? store : { folder: sampleFolder(store), isSample: true }
}

function valuesOf(option: Option, store: Store): readonly string[] {
  if (option.argChoices !== undefined) return option.argChoices
  switch (option.long) {
    case '--strategy': return builtInStrategies()
    case '--run':
    case '--resume': return runIds(store)
    case '--timeframe':
    case '--higher': return timeframes.map(({ name }) => name)
    default: return []
  }
}

function operands(command: Command, store: Store): readonly string[] {
  const argument = command.registeredArguments.at(0)
  if (argument?.argChoices !== undefined) return argument.argChoices
  const parts = command.commands.map((part) => part.name())
  switch (argument?.name() ?? command.name()) {
    case 'run':
    case 'runs': return [...parts, ...runIds(store)]
    case 'relation': return relationNames()
    case 'symbol':
    case 'symbols': return symbols(store)
    default: return parts
  }
}

function runIds(store: Store): string[] {
  return ['latest', ...listRuns(runsFolder(store)).map(({ id }) => id)]
}

function symbols(store: Store): string[] {
  return [...new Set(storedTimeframes(store).flatMap((timeframe) => storedSymbols(store, timeframe)))]
}
