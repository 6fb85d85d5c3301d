import type * as Vega from 'vega'
import type * as VegaLite from 'vega-lite'
import type * as VegaTooltip from 'vega-tooltip'

/** What the libraries inlined in the page leave behind. */
declare global {
  const vega: typeof Vega
  const vegaLite: typeof VegaLite
  const vegaTooltip: { Handler: typeof VegaTooltip.Handler }
}
