import { usageError } from '../errors.js'
import { messageOf, ok, problem, warning, type Finding } from './finding.js'

/** Where a queue is; shown without user and password. */
export interface QueueAddress {
  url: string
  /** Such as `redis://host:6379/0`. */
  shown: string
  secrets: string[]
}

/** Parses the URL of a Redis server. Throws a usage error, which does not repeat it, for anything else. */
export function queueAddress(url: string): QueueAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw usageError({ what: 'this is no address of a queue', where: '--queue', expected: 'redis://host:6379' })
  }
  const { protocol, hostname, port, pathname, username, password } = parsed
  const shown = `${protocol}//${hostname}:${port || '6379'}${pathname === '/' ? '' : pathname}`
  const secrets = [username, password].flatMap((text) => [text, decodeURIComponent(text)]).filter((text) => text !== '')
  return { url, shown, secrets }
}

/** Asks the Redis server of a queue whether it answers and keeps what it is given. */
export async function queueFindings({ url, shown, secrets }: QueueAddress): Promise<Finding[]> {
  const { Redis } = await import('ioredis')
  const redis = new Redis(url, {
    ...{ lazyConnect: true, connectTimeout: 5000, commandTimeout: 5000, maxRetriesPerRequest: 0, enableOfflineQueue: false },
    retryStrategy: () => null,
  })
  let lost: unknown = null
  redis.on('error', (error: unknown) => void (lost = error))
  try {
    await redis.connect()
    const info = await redis.info()
    return [ok('queue', `Redis ${field(info, 'redis_version')} answers at ${shown}`), ...kept(info)]
  } catch (error) {
    const reason = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), messageOf(lost ?? error))
    return [problem('queue', `no answer from ${shown}: ${reason}`, 'start Redis there, or mend the address, user and password')]
  } finally {
    redis.disconnect()
  }
}

function kept(info: string): Finding[] {
  const policy = field(info, 'maxmemory_policy')
  if (policy === 'noeviction') return []
  const remedy = 'set maxmemory-policy noeviction in the configuration of Redis'
  return [warning('queue: memory', `Redis may forget jobs: its maxmemory-policy is ${policy}`, remedy)]
}

function field(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? 'unknown'
}
