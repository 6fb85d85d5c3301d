import { exitReasons, type BarColumns, type DeclinedColumn, type NumberRows, type SignalColumns } from '../../src/rows.js'
import { rules, type Spec } from '../../src/simulation/rules.js'
import { startSimulation, type Outcomes } from '../../src/simulation/simulate.js'

/** A bar of a test: its symbol's index, its number in time, its prices; usually two bars make a session. */
export interface TestBar {
  symbol: number
  time: number
  open: number
  high: number
  low: number
  close: number
  /** Default: 1000. */
  volume?: number
  /** Number of the session; default: half of the time. */
  session?: number
  /** Shares that each share has become before the open; default: 1. */
  split?: number
  /** Money paid before the open on each share held at the previous close; default: 0. */
  dividend?: number
  /** What happened inside the bar; default: not known. */
  finer?: FinerTestBar[] | undefined
}

/** A bar inside another. */
export interface FinerTestBar {
  open: number
  high: number
  low: number
  close: number
  volume: number
}

/** A signal of a test: what a strategy returns for a symbol at the close of a bar. */
export type TestSignal = { symbol: number; time: number; entry?: number } & Partial<Record<SignalNumber, number>>

type SignalNumber = Exclude<keyof SignalColumns, 'length' | 'symbol' | 'bar_at' | 'entry'>

/** Bars of symbol 0 from rows of open, high, low, close. */
export function pricesOf(...rows: [number, number, number, number][]): TestBar[] {
  return rows.map(([open, high, low, close], time) => ({ symbol: 0, time, open, high, low, close }))
}

/** Simulates bars and signals, given in any order, and returns what came of it; with `barsPerStep` in steps. */
export function simulate(bars: readonly TestBar[], signals: readonly TestSignal[], spec: Spec = {}, barsPerStep?: number): TestOutcomes {
  const made = rules(spec)
  const count = Math.max(...bars.map(({ symbol }) => symbol)) + 1
  const lastBarAt = new Float64Array(count)
  for (const { symbol, time } of bars) lastBarAt[symbol] = Math.max(lastBarAt[symbol], time)
  const simulation = startSimulation(made, { lastBarAt, sectors: Int32Array.from({ length: count }, (_, symbol) => sectorOf(symbol)) })
  const order = made.accounts === 'shared' ? byTime : bySymbol
  const columns = [barColumns([...bars].sort(order)), signalColumns([...signals].sort(order))] as const
  if (barsPerStep === undefined) simulation.advance(...columns)
  else for (const _ of simulation.steps(...columns, barsPerStep));
  return { ...simulation.take(), declined: simulation.takeDeclined() }
}

/** Everything that a simulation makes. */
export type TestOutcomes = Outcomes & { declined: NumberRows<DeclinedColumn> }

interface Key {
  symbol: number
  time: number
}

const bySymbol = (a: Key, b: Key) => a.symbol - b.symbol || a.time - b.time
const byTime = (a: Key, b: Key) => a.time - b.time || a.symbol - b.symbol

/** Number of the session of a bar. */
export function sessionOf({ session, time }: TestBar): number {
  return session ?? Math.floor(time / 2)
}

/** Whether a bar is the last of its symbol in its session. */
export function isSessionEnd(bars: readonly TestBar[], bar: TestBar): boolean {
  return !bars.some((other) => other.symbol === bar.symbol && other.time > bar.time && sessionOf(other) === sessionOf(bar))
}

/** Sector of a symbol: none for the fourth, the same for those two apart. */
export function sectorOf(symbol: number): number {
  return symbol === 3 ? -1 : symbol % 2
}

function barColumns(bars: readonly TestBar[]): BarColumns {
  const parts = bars.flatMap(({ finer = [], ...bar }) => finer.map((part) => ({ ...bar, ...part })))
  const first = [0]
  for (const { finer = [] } of bars) first.push(first.at(-1)! + finer.length)
  return { ...plainColumns(bars), finer: { ...plainColumns(parts), first: Int32Array.from(first) } }
}

function plainColumns(bars: readonly TestBar[]): BarColumns {
  const column = (name: 'time' | 'open' | 'high' | 'low' | 'close') => Float64Array.from(bars, (bar) => bar[name])
  return {
    length: bars.length,
    symbol: Int32Array.from(bars, ({ symbol }) => symbol),
    bar_at: column('time'),
    session_date: Int32Array.from(bars, sessionOf),
    ...{ open: column('open'), high: column('high'), low: column('low'), close: column('close') },
    volume: Float64Array.from(bars, ({ volume }) => volume ?? 1000),
    actions: {
      split: Float64Array.from(bars, ({ split }) => split ?? 1),
      dividend: Float64Array.from(bars, ({ dividend }) => dividend ?? 0),
    },
    session_end: Int8Array.from(bars, (bar) => (isSessionEnd(bars, bar) ? 1 : 0)),
  }
}

function signalColumns(signals: readonly TestSignal[]): SignalColumns {
  const price = (name: SignalNumber) => Float64Array.from(signals, (signal) => signal[name] ?? NaN)
  const code = (name: SignalNumber) => Int8Array.from(signals, (signal) => signal[name] ?? 0)
  return {
    length: signals.length,
    symbol: Int32Array.from(signals, ({ symbol }) => symbol),
    bar_at: Float64Array.from(signals, ({ time }) => time),
    entry: Int8Array.from(signals, ({ entry }) => entry ?? 0),
    ...{ order_type: code('order_type'), exit_long: code('exit_long'), exit_short: code('exit_short') },
    ...{ limit_price: price('limit_price'), stop_entry_price: price('stop_entry_price'), valid_bars: price('valid_bars') },
    ...{ stop_price: price('stop_price'), target_price: price('target_price'), trail_price: price('trail_price') },
    ...{ first_target_price: price('first_target_price'), time_stop_bars: price('time_stop_bars') },
    ...{ other_entry_price: price('other_entry_price'), other_stop_price: price('other_stop_price') },
    ...{ other_target_price: price('other_target_price'), size_factor: price('size_factor'), score: price('score') },
    reason: Int32Array.from(signals, ({ reason }) => reason ?? -1),
  }
}

/** Returns the trades as rows; `exit` names the reason. */
export function tradeRows({ trades }: Outcomes): ({ exit: string } & Record<string, number>)[] {
  return Array.from({ length: trades.length }, (_, row) => {
    const { length: _count, ...columns } = trades
    const numbers = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[row]]))
    return { ...numbers, exit: exitReasons[numbers.exit_reason] ?? `reason ${numbers.exit_reason - exitReasons.length}` } as never
  })
}
