import type { Parameters } from '../database/parameters.js'
import type { FrameRole } from './frames.js'

/** A row of `context`: numbers, text, truth values, null; times as text in UTC. */
export type ContextRow = Readonly<Record<string, string | number | boolean | null>>

/** What the rules make of a bar beside its higher timeframes. */
export interface Decision {
  recommended_action: string | null
  risk_level: string | null
  signal_strength: number | null
  higher_strength: number | null
  alignment_score: number | null
  alignment: string | null
  is_trade_permitted: boolean | null
  confluence_count: number | null
  /** The conditions of the recommended action and of the risk level. */
  reasons: Reason[]
}

/**
 * What there is to know of a symbol at the close of a bar. Prices are levels for the next bar. It is decided as in a backtest: beside the
 * bars of higher timeframes that had ended when the bar opened.
 */
export interface Analysis extends Decision {
  symbol: string
  timeframe: string
  /** Opening and closing instant of the bar in UTC, as `2026-02-03 15:30:00`. */
  bar_at: string
  closed_at: string
  session_date: string
  /** How the geometry is computed: values of the models' parameters. */
  geometry_parameters: Parameters
  close: number
  mean_range: number
  /** What is decided beside the bars of the higher timeframes `ended` that have ended with the bar; null when none has. */
  next: (Decision & { ended: string[] }) | null
  /** The focus frame, then the higher ones, each at its last bar that has ended. */
  frames: FrameState[]
  /** Highest first. */
  levels: Level[]
  zones: Zone[]
  /** Of the last ten bars of each frame, the latest first. */
  patterns: PatternEvent[]
}

/** A condition and whether it held. */
export interface Reason {
  of: 'action' | 'risk'
  condition: string
  /** What was compared, in words. */
  found: string
  /** Null when something that it compares is not known. */
  holds: boolean | null
}

/** The state of a timeframe at its last bar; all is null for a higher one of which no bar had ended. */
export interface FrameState {
  frame: FrameRole
  timeframe: string
  bar_at: string | null
  closed_at: string | null
  close: number | null
  market_state: string | null
  market_direction: number | null
  bars_in_state: number | null
  state_confidence: number | null
  run: number | null
  bar_state: string | null
  bar_state_day: number | null
  direction: number | null
  run_grade: string | null
  dot_momentum: string | null
  area_next: number | null
}

/** How far a price lies above the close, or, negative, below it: in per cent of it and in mean ranges of the focus frame. */
export interface Distance {
  distance_pct: number
  distance_ranges: number | null
}

/** A price that the geometry projects for the next bar. */
export interface Level extends Distance {
  price: number
  /** Support below the close, resistance above it. */
  role: 'support' | 'resistance' | 'close'
  /** Name for the eye, such as `5-2 up`. */
  name: string
  /** The column of `context` that holds it. */
  column: string
  frame: FrameRole
  timeframe: string
}

/** A stretch of prices; its distance is that of its nearest edge, 0 when the close lies within. */
export interface Zone extends Distance {
  kind: 'nearby' | 'further' | 'confluence'
  role: 'support' | 'resistance'
  low: number
  high: number
  /** Mean of the levels of a confluence, and their weight; null for the other kinds. */
  level: number | null
  weight: number | null
  frame: FrameRole
  timeframe: string
  /** The timeframes whose levels it has, from the focus up. */
  timeframes: string[]
}

/** A pattern on one bar. */
export interface PatternEvent {
  frame: FrameRole
  timeframe: string
  pattern: string
  /** +1 bullish, -1 bearish, 0 neither. */
  direction: number
  /** Bars or lines that it counts; null for patterns that count nothing. */
  strength: number | null
  /** Bars of its timeframe since; 0 for the last one. */
  bars_ago: number
  bar_at: string
  /** The termination lines that were touched. */
  lines: string[]
  /** Whether the dot loses momentum: a losing push, or a touch with fading momentum. */
  is_losing: boolean
}
