import { nearest, usageError } from '../errors.js'

/** A column of a source, where it is found in SQL, and its SQL type. */
export interface SourceColumn {
  name: string
  /** The name by which SQL reads it. */
  sql: string
  type: string
}

/** For each kind of value the names that its column usually has, in lower case with `_` for blanks and dashes. */
export type Aliases<Role extends string> = Readonly<Record<Role, readonly string[]>>

/** The columns of bars. `date` and `time` together are a time as well. */
export const barAliases = {
  time: ['bar_at', 'ts', 'timestamp', 'datetime', 'date', 'time'],
  symbol: ['symbol', 'ticker', 'name'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v'],
} as const satisfies Aliases<string>

/** The columns of instruments. */
export const instrumentAliases = {
  symbol: ['symbol', 'ticker'],
  name: ['name', 'security', 'company', 'company_name'],
  exchange: ['exchange', 'mic', 'listing_exchange', 'primary_exchange', 'stooq_exchange'],
  sector: ['sector', 'gics_sector'],
  industry: ['industry', 'sub_industry', 'gics_industry', 'gics_sub_industry'],
} as const satisfies Aliases<string>

/** The columns of splits and dividends. */
export const actionAliases = {
  symbol: ['symbol', 'ticker'],
  ex_date: ['ex_date', 'ex_dividend_date', 'date'],
  kind: ['kind', 'type', 'action'],
  value: ['value', 'amount', 'ratio'],
} as const satisfies Aliases<string>

/**
 * Returns the columns of each role: none, one, or `date` and `time` together. Throws a usage error that names the file when
 * several could be meant. A column `name` is a symbol only where no other column is.
 */
export function recognised<Role extends string>(
  columns: readonly SourceColumn[],
  aliases: Aliases<Role>,
  file: string,
): Record<Role, SourceColumn[]> {
  const roles = Object.entries<readonly string[]>(aliases).map(([role, names]) => {
    return [role, sole(role, matching(columns, names), file)]
  })
  return Object.fromEntries(roles) as Record<Role, SourceColumn[]>
}

/** Throws a usage error that names the roles without a column and the columns that there are. */
export function assertFound<Role extends string>(
  found: Readonly<Record<Role, readonly SourceColumn[]>>,
  needed: readonly Role[],
  { aliases, columns, file }: { aliases: Aliases<Role>; columns: readonly SourceColumn[]; file: string },
): void {
  const missing = needed.filter((role) => found[role].length === 0)
  if (missing.length === 0) return
  const names = columns.map(({ name }) => printable(name))
  throw usageError({
    what: `there is no column for ${missing.join(', ')} among ${names.join(', ')}`,
    where: file,
    expected: missing.map((role) => aliases[role].join(' or ')).join('; '),
    nearest: nearAny(missing.flatMap((role) => aliases[role]), names),
  })
}

/** Names of one or two letters are near to everything. */
function nearAny(aliases: readonly string[], names: readonly string[]): string | undefined {
  const isLong = (name: string) => name.length > 2
  const found = aliases.filter(isLong).map((alias) => nearest(alias, names.filter(isLong)))
  return found.find((name) => name !== null) ?? undefined
}

function matching(columns: readonly SourceColumn[], aliases: readonly string[]): SourceColumn[] {
  const found = columns.filter(({ name }) => aliases.includes(folded(name)))
  const better = found.filter(({ name }) => folded(name) !== 'name')
  return aliases.includes('symbol') && better.length > 0 ? better : found
}

function sole(role: string, found: SourceColumn[], file: string): SourceColumn[] {
  if (found.length < 2) return found
  const names = found.map(({ name }) => folded(name)).sort()
  if (names.join() === 'date,time') return found.sort((a, b) => (folded(a.name) < folded(b.name) ? -1 : 1))
  const what = `the columns ${found.map(({ name }) => name).join(' and ')} could both be the ${role}`
  throw usageError({ what, where: file, expected: 'one of them' })
}

function folded(name: string): string {
  return name.trim().replace(/^<(.*)>$/, '$1').toLowerCase().replaceAll(/[ -]+/g, '_')
}

function printable(name: string): string {
  const text = name.replaceAll(/\p{C}/gu, '?')
  return text.length > 30 ? `${text.slice(0, 30)}…` : text
}
