import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { DgasError } from '../errors.js'

const openers: Partial<Record<NodeJS.Platform, [command: string, ...words: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

/** Opens a file with the program that the desktop has for it, and does not wait for it. Throws a `DgasError` when there is none. */
export function openInBrowser(file: string): Promise<void> {
  const [command, ...words] = openers[process.platform] ?? ['xdg-open']
  return new Promise((done, fail) => {
    const child = spawn(command, [...words, resolve(file)], { detached: true, stdio: 'ignore' })
    child.once('error', () => fail(new DgasError({ what: `${command} cannot be run`, where: '--open', expected: `a browser that you open ${file} with` })))
    child.once('spawn', () => {
      child.unref()
      done()
    })
  })
}
