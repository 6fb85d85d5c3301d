/** The runs of wins and losses in a sequence of trades. */
export interface Streaks {
  longest_winning_streak: number
  longest_losing_streak: number
  /** The run at the end: above 0 of wins, below 0 of losses. */
  streak: number
}

export const noStreaks: Readonly<Streaks> = { longest_winning_streak: 0, longest_losing_streak: 0, streak: 0 }

/** Goes on with a trade in `streaks`, in place; a trade that neither gained nor lost ends a run. */
export function goOn(streaks: Streaks, netProfit: number): void {
  const sign = Math.sign(netProfit)
  streaks.streak = sign === Math.sign(streaks.streak) ? streaks.streak + sign : sign
  streaks.longest_winning_streak = Math.max(streaks.longest_winning_streak, streaks.streak)
  streaks.longest_losing_streak = Math.max(streaks.longest_losing_streak, -streaks.streak)
}
