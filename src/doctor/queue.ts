import { messageOf } from '../errors.js'
import { withoutSecrets, type QueueAddress } from '../queue/address.js'
import { ok, problem, warning, type Finding } from './finding.js'

/** Asks the Redis server of a queue whether it answers and keeps what it is given. */
export async function queueFindings(address: QueueAddress): Promise<Finding[]> {
  const { url, shown } = address
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
    const reason = withoutSecrets(messageOf(lost ?? error), address)
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
