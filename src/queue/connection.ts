import type { Redis } from 'ioredis'
import { DgasError } from '../errors.js'
import { withoutSecrets, type QueueAddress } from './address.js'

/** How a process keeps in touch with Redis. */
export interface Connection {
  redis: Redis
  address: QueueAddress
  /** Whether Redis answers. */
  isUp: () => boolean
  close: () => void
}

const greatestPauseMs = 1000

/**
 * Connects to Redis. When it goes away later, that is said once and the connection comes back by itself; what is asked of it
 * waits. Throws a `DgasError` when Redis refuses user or password, or does not answer; with `isPatient` it is waited for instead.
 */
export async function connect(address: QueueAddress, say: (text: string) => void, isPatient: boolean): Promise<Connection> {
  const { Redis } = await import('ioredis')
  await reach(Redis, address, say, isPatient)
  const redis = new Redis(address.url, {
    maxRetriesPerRequest: null,
    connectTimeout: 5000,
    retryStrategy: (tried) => Math.min(100 * tried, greatestPauseMs),
  })
  let isUp = true
  redis.on('error', () => undefined)
  redis.on('close', () => {
    if (isUp) say(`waiting for Redis at ${address.shown}, which has gone away`)
    isUp = false
  })
  redis.on('ready', () => {
    if (!isUp) say(`Redis at ${address.shown} answers again`)
    isUp = true
  })
  const close = () => {
    isUp = false
    redis.disconnect()
  }
  return { redis, address, isUp: () => isUp, close }
}

async function reach(
  redisClass: typeof Redis,
  address: QueueAddress,
  say: (text: string) => void,
  isPatient: boolean,
): Promise<void> {
  for (let tried = 0; ; tried++) {
    const error = await refusal(redisClass, address)
    if (error === null) return
    const isDenied = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH)/.test(error)
    const expected = isDenied ? 'the user and password of the server' : 'a Redis server that answers; dgas doctor --queue looks at it'
    if (isDenied || !isPatient) throw new DgasError({ what: `no answer from ${address.shown}: ${error}`, where: '--queue', expected })
    if (tried === 0) say(`waiting for Redis at ${address.shown}: ${error}`)
    await new Promise((resolve) => setTimeout(resolve, greatestPauseMs))
  }
}

/** Returns why Redis does not answer, or null when it does. */
async function refusal(redisClass: typeof Redis, address: QueueAddress): Promise<string | null> {
  const redis = new redisClass(address.url, {
    ...{ lazyConnect: true, connectTimeout: 5000, maxRetriesPerRequest: 0, enableOfflineQueue: false },
    retryStrategy: () => null,
  })
  let lost: unknown = null
  redis.on('error', (error: unknown) => void (lost = error))
  try {
    await redis.connect()
    await redis.ping()
    return null
  } catch (error) {
    const first = lost ?? error
    return withoutSecrets(first instanceof Error ? first.message : String(first), address)
  } finally {
    redis.disconnect()
  }
}
