import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A place for text of unknown length: on the screen when it fits, else in a pager. */
export interface PagedOutput {
  /** Throws `PagerClosed` when the reader has left the pager. */
  write: (text: string) => Promise<void>
  /** Shows what is held back, or waits until the reader has left the pager. */
  end: () => Promise<void>
}

/** Thrown by `write` after the reader has left the pager: nothing more is wanted. */
export class PagerClosed extends Error {}

/** What is needed of the terminal. */
export interface PagerSpec {
  /** Shell command of the pager; null: everything goes to `print`. */
  pager: string | null
  /** Lines that fit the screen. */
  lines: number
  print: (text: string) => void
  /** Called before the pager takes over the terminal, and after it has given it back. */
  handOver: (isTaken: boolean) => void
}

/** Returns the pager that the environment names, by default `less` without wrapping; an empty one and `cat` are none. */
export function pagerOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const named = env.PAGER
  if (named === undefined) return 'less -SRX'
  return named === '' || named === 'cat' ? null : named
}

/** Returns an output that starts the pager as soon as more lines come than fit. */
export function pagedOutput({ pager, lines, print, handOver }: PagerSpec): PagedOutput {
  let held = ''
  let child: ChildProcess | null = null
  let isClosed = false
  const open = (command: string) => {
    handOver(true)
    // the shell that starts it says when there is no such program
    child = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] })
    child.stdin!.on('error', () => (isClosed = true))
    child.on('close', () => (isClosed = true))
  }
  return {
    async write(text) {
      if (pager === null) {
        print(text)
        return
      }
      if (isClosed) throw new PagerClosed()
      held += text
      if (child === null && held.split('\n').length - 1 <= lines) return
      if (child === null) open(pager)
      const piece = held
      held = ''
      if (child!.stdin!.write(piece)) return
      // a pipe that breaks while it is full fails the waiting, and is told by the next write
      await Promise.race([once(child!.stdin!, 'drain'), once(child!, 'close')]).catch(() => (isClosed = true))
    },
    async end() {
      if (child === null) {
        print(held)
        return
      }
      child.stdin!.end()
      if (child.exitCode === null) await once(child, 'close')
      handOver(false)
    },
  }
}
