/** The runs of wins and losses in a sequence of trades. */
export interface Streaks {
  longest_winning_streak: number
  longest_losing_streak: number
  /** The run at the end: above 0 of wins, below 0 of losses. */
  streak: number
}

export const noStreaks: Readonly<Streaks> = { longest_winning_streak: 0, longest_losing_streak: 0, streak: 0 }

/**
 * Goes on in `streaks`, in place, with the net profits of trades from `from` to `to` (exclusive); a trade that neither gained
 * nor lost ends a run.
 */
export function goOn(streaks: Streaks, netProfits: Float64Array, from: number, to: number): void {
  let { streak, longest_winning_streak, longest_losing_streak } = streaks
  for (let row = from; row < to; row++) {
    const sign = Math.sign(netProfits[row])
    streak = sign === Math.sign(streak) ? streak + sign : sign
    longest_winning_streak = Math.max(longest_winning_streak, streak)
    longest_losing_streak = Math.max(longest_losing_streak, -streak)
  }
  Object.assign(streaks, { streak, longest_winning_streak, longest_losing_streak })
}
