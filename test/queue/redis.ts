import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why tests with a queue are skipped, or null when they can run. */
export const noRedis = spawnSync('redis-server', ['--version']).status === 0 ? null : 'redis-server is not installed'

/** A Redis server of a test's own. */
export interface TestRedis {
  url: string
  port: number
  /** Ends it as the system would, which keeps what it holds if it was told to save. */
  stop: () => Promise<void>
  start: () => Promise<void>
  /** Ends it and lets it forget all that it held. */
  forget: () => Promise<void>
  remove: () => Promise<void>
}

/** Starts a Redis server on a free port of this machine, with its files in a folder of its own. */
export async function testRedis(...settings: string[]): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'dgas-redis-'))
  const port = await freePort()
  let server: ChildProcess | null = null
  const start = async () => {
    const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...settings])
    server = child
    for await (const text of child.stdout) if (String(text).includes('eady to accept')) break
    child.stdout.resume()
  }
  const stop = async () => {
    if (server === null || server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill()
    await ended
  }
  const forget = async () => {
    await stop()
    rmSync(join(folder, 'dump.rdb'), { force: true })
  }
  await start()
  const remove = async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const password = settings.includes('--requirepass') ? `:${settings[settings.indexOf('--requirepass') + 1]}@` : ''
  return { url: `redis://${password}127.0.0.1:${port}`, port, start, stop, forget, remove }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
