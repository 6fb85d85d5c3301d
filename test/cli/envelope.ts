/** An envelope, rounded to four decimals. */
export interface Envelope {
  top: number
  bottom: number
}

/** Returns the envelopes on the candles of a price chart. */
export function envelopeRows(spec: Record<string, unknown>): Envelope[] {
  const { candles } = spec.datasets as { candles: { envelope_top: number | null; envelope_bottom: number | null }[] }
  return candles.flatMap(({ envelope_top: top, envelope_bottom: bottom }) => {
    return top === null || bottom === null ? [] : [{ top: Number(top.toFixed(4)), bottom: Number(bottom.toFixed(4)) }]
  })
}
