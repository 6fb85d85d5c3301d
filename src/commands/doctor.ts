import { Command } from 'commander'
import { openDatabase } from '../database/database.js'
import { examine, examinedStore } from '../doctor/doctor.js'
import type { Finding } from '../doctor/finding.js'
import { repairStore } from '../doctor/repair.js'
import { DgasError } from '../errors.js'
import { alignedTable, counted } from '../format.js'
import type { Io } from '../io.js'
import { shownPath } from '../path.js'
import { queueAddress } from '../queue/address.js'
import { globalOptions } from './globals.js'

const description = `Looks the machine and the store over: versions, memory and disk; whether every file can be read and holds what
was written, sorted and each bar once; runs that were not finished; what crashes left behind. Exit code 1 when there is a problem.`

const examples = `
Examples:
  $ dgas doctor                                                  # exit code 1 when something is wrong
  $ dgas doctor --repair
  $ dgas doctor --quiet                                          # only what is not ok
  $ dgas doctor --json                                           # for a program`

interface Options {
  repair?: boolean
  queue?: string
}

/** The command `dgas doctor`. */
export function doctorCommand(io: Io): Command {
  return new Command('doctor')
    .summary('check the machine and the store, and repair what is safe')
    .description(description)
    .option('--repair', 'remove what crashes left behind, set files aside that cannot be read; nothing else is changed')
    .option('--queue <url>', 'also ask this Redis server, such as redis://host:6379, whether it answers')
    .addHelpText('after', examples)
    .action(async ({ repair, queue }: Options, command: Command) => {
      const { store: folder, threads, memory, json, quiet } = globalOptions(command, io)
      const address = queue === undefined ? null : queueAddress(queue)
      const database = await openDatabase({ threads, memory })
      try {
        const store = examinedStore(folder)
        let findings = await examine(database, store, address, io.now())
        const repaired = repair === true ? await repairStore(database, store, findings, io.now()) : []
        if (repaired.length > 0) findings = await examine(database, store, address, io.now())
        if (json) io.out(`${JSON.stringify(asJson(store.folder, findings, repaired), null, 2)}\n`)
        else io.out(`${doctorText(store.folder, quiet ? notOk(findings) : findings)}${repaired.map((text) => `${text}\n`).join('')}`)
        assertNoProblem(findings)
      } finally {
        database.close()
      }
    })
}

function asJson(store: string, findings: readonly Finding[], repaired: readonly string[]): object {
  return { store, findings: findings.map(({ repairs, ...shown }) => shown), repaired }
}

/** Returns findings as a table, and below it what is to be done about those that are not ok. */
function doctorText(store: string, findings: readonly Finding[]): string {
  const columns = ['status', 'check', 'found'].map((name) => ({ name, isNumber: false }))
  const rows = findings.map(({ status, check, found }) => [status, check, found])
  const advice = notOk(findings).map(({ status, check, remedy }) => `${status}: ${check}: ${remedy}\n`)
  const table = rows.length === 0 ? '' : alignedTable(columns, rows)
  return `store ${shownPath(store)}\n${table}${advice.length === 0 ? '' : `\n${advice.join('')}`}`
}

function notOk(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ status }) => status !== 'ok')
}

function assertNoProblem(findings: readonly Finding[]): void {
  const problems = findings.filter(({ status }) => status === 'problem').length
  if (problems > 0) throw new DgasError({ what: counted(problems, 'problem') })
}
