import { existsSync } from 'node:fs'
import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'
import type { ActionColumns, BarColumns } from '../rows.js'
import { actionsSql } from '../store/corporate-actions.js'
import { actionsFile, type Store } from '../store/layout.js'
import type { BarOrder } from './bars.js'
import type { BacktestConfig } from './config.js'
import { rowsOf, type Keys } from './rows-of.js'

/**
 * Returns SQL of the corporate actions that a run applies, or null when it applies none. Throws a `DgasError` when it is to
 * apply those of a store that has none.
 */
export function appliedActions(store: Store, { rules }: BacktestConfig): string | null {
  if (rules.actions === 'ignore') return null
  if (existsSync(actionsFile(store))) return actionsSql(store)
  const expected = 'splits and dividends brought in by dgas import --actions'
  throw new DgasError({ what: 'this store holds no corporate actions', where: store.folder, expected, exit: 2 })
}

/** Returns the corporate actions of a query as one short text, different for different ones. */
export async function actionsText(database: Database, actions: string): Promise<string> {
  const row = `concat_ws(' ', symbol, ex_date, kind, value)`
  return String(await database.value(`select md5(string_agg(${row}, ';' order by symbol, ex_date, kind)) from (${actions})`))
}

/**
 * Creates the table `run_actions`: for each bar of `relation` under the SQL condition `traded` that is the first of its symbol
 * on or after the day of an action of the query `actions`, what they together make of a share held before.
 */
export async function placeActions(database: Database, actions: string, relation: string, traded: string): Promise<void> {
  await database.run(`
    create or replace table run_actions as
    with actions as (${actions}),

    sessions as (
      select code, symbol, session_date, min(bars.bar_at) as bar_at
      from ${relation} as bars join run_symbols using (symbol)
      where ${traded} and symbol in (select symbol from actions)
      group by all
    ),

    placed as (
      select code, bar_at, ex_date, kind, value
      from actions asof join sessions on actions.symbol = sessions.symbol and actions.ex_date <= sessions.session_date
    ),

    -- a dividend is one of the shares that splits up to its day have made; of one day the split comes first
    counted as (
      select
        *,
        if(kind = 'split', value, 1) as ratio,
        product(if(kind = 'split', value, 1)) over (partition by code, bar_at order by ex_date, kind desc) as shares
      from placed
    )

    select
      code,
      bar_at,
      product(ratio) as split,
      coalesce(sum(value * shares order by ex_date) filter (where kind = 'dividend'), 0) as dividend
    from counted
    group by code, bar_at`)
}

/** Reads from `run_actions` those of `bars`, which satisfy the SQL condition `condition`; undefined when there are none. */
export async function readActions(
  database: Database,
  bars: BarColumns,
  condition: string,
  order: BarOrder,
): Promise<ActionColumns | undefined> {
  const found = (await database.columns(`
    select code as symbol, epoch_ms(bar_at)::double as bar_at, split, dividend
    from run_actions where ${condition} order by ${order.replaceAll('bar_at', 'run_actions.bar_at')}`)) as unknown as Keys & ActionColumns
  if (found.length === 0) return undefined
  const split = new Float64Array(bars.length).fill(1)
  const dividend = new Float64Array(bars.length)
  rowsOf(bars, found, order).forEach((row, index) => {
    if (row < 0) throw new Error(`a corporate action was placed at a bar that is none of ${bars.length}`)
    split[row] = found.split[index]
    dividend[row] = found.dividend[index]
  })
  return { split, dividend }
}
