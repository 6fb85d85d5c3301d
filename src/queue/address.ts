import { usageError } from '../errors.js'

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
  const secrets = [username, password].flatMap((text) => [text, decoded(text)]).filter((text) => text !== '')
  return { url, shown, secrets }
}

/** Returns a text without the user and password of a queue. */
export function withoutSecrets(text: string, { url, shown, secrets }: QueueAddress): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text.replaceAll(url, shown))
}

/** A password may hold a percent sign that encodes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
