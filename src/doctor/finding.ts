/** How serious a finding is: a problem makes results wrong or commands fail, a warning costs time or space. */
export type Status = 'ok' | 'warning' | 'problem'

/** Something that `--repair` may do: nothing is deleted that a crash did not leave behind. */
export type Repair =
  | { kind: 'remove'; path: string }
  | { kind: 'set_aside'; file: string; reason: string; partition: { timeframe: string; key: string } | null }

/** What one check found. */
export interface Finding {
  /** What was looked at, such as `bars 30m: order`. */
  check: string
  status: Status
  /** What was found, in one sentence without a full stop. */
  found: string
  /** What to do about it; null: nothing. */
  remedy: string | null
  /** What `--repair` would do about it. */
  repairs: readonly Repair[]
}

/** A finding that asks for nothing. */
export function ok(check: string, found: string): Finding {
  return { check, status: 'ok', found, remedy: null, repairs: [] }
}

/** A finding that should be known; `remedy` says what to do. */
export function warning(check: string, found: string, remedy: string, repairs: readonly Repair[] = []): Finding {
  return { check, status: 'warning', found, remedy, repairs }
}

/** A finding that must be mended; `remedy` says how. */
export function problem(check: string, found: string, remedy: string, repairs: readonly Repair[] = []): Finding {
  return { check, status: 'problem', found, remedy, repairs }
}

/** Returns the first few of many names, and how many more there are. */
export function some(names: readonly string[], shown = 3): string {
  const rest = names.length - shown
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${rest} more` : names.join(', ')
}
