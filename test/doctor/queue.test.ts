import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { queueFindings } from '../../src/doctor/queue.js'
import { queueAddress } from '../../src/queue/address.js'
import { testStore } from '../backtest/store.js'

const hasRedis = spawnSync('redis-server', ['--version']).status === 0

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function redis(...settings: string[]): Promise<string> {
  const port = String(await freePort())
  const server = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', '--save', '', ...settings])
  onTestFinished(() => void server.kill())
  for await (const text of server.stdout) if (String(text).includes('eady to accept')) break
  return port
}

it('shows an address without user and password', () => {
  expect(queueAddress('redis://me:s%40cret@host/2')).toMatchObject({ shown: 'redis://host:6379/2', secrets: ['me', 'me', 's%40cret', 's@cret'] })
})

it('says that nobody answers, without the password', async () => {
  const port = await freePort()
  const store = await testStore(1, '2026-02-02', '2026-02-03')
  onTestFinished(store.remove)
  const { code, out, err } = await store.dgas('doctor', '--queue', `redis://me:s3cret@127.0.0.1:${port}`)
  expect(code).toBe(1)
  expect(out).toMatch(new RegExp(`^problem +queue +no answer from redis://127.0.0.1:${port}`, 'm'))
  expect(out + err).not.toContain('s3cret')
})

it.each(['localhost:6379', 'http://host', 'redis://'])('refuses %s', async (url) => {
  const store = await testStore(0)
  onTestFinished(store.remove)
  const { code, err } = await store.dgas('doctor', '--queue', url)
  expect([code, err]).toEqual([2, 'dgas: --queue: this is no address of a queue; expected redis://host:6379\n'])
})

it.runIf(hasRedis)('finds a server that answers', async () => {
  const port = await redis('--requirepass', 's3cret')
  const found = await queueFindings(queueAddress(`redis://:s3cret@127.0.0.1:${port}`))
  expect(found).toMatchObject([{ status: 'ok', found: expect.stringMatching(/^Redis \d\S+ answers at redis:\/\/127/) as string }])
  const [wrong] = await queueFindings(queueAddress(`redis://:wrong7@127.0.0.1:${port}`))
  expect(wrong.status).toBe('problem')
  expect(wrong.found).not.toContain('wrong7')
})

it.runIf(hasRedis)('warns of a server that may forget jobs', async () => {
  const port = await redis('--maxmemory-policy', 'allkeys-lru')
  const found = await queueFindings(queueAddress(`redis://127.0.0.1:${port}`))
  expect(found.map(({ status }) => status)).toEqual(['ok', 'warning'])
})
