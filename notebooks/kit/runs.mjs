/** The runs that notebooks read, each a backtest on the whole sample store; `notebook` says for which. */
const costs = { commission_rate: 0.0001, slippage_bps: 1 }

const anatomy = { notebook: 'anatomy', runId: 'anatomy', strategy: 'pldot_refresh', rules: { ...costs, allow_short: true } }

const halves = [
  { half: 'first', from: '2026-01-02', to: '2026-03-31' },
  { half: 'second', from: '2026-04-01', to: '2026-06-30' },
]

const grid = [1, 1.5, 2, 3, 4, 6, 8].flatMap((reward) => halves.map(({ half, ...range }) => ({
  notebook: 'parameters',
  runId: `grid-${half}-${reward}`,
  strategy: 'pldot_refresh',
  parameters: { reward_to_risk: reward },
  rules: costs,
  ...range,
})))

export const runs = [anatomy, ...grid]
