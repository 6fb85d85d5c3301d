import { Option, type Command } from 'commander'
import { optionOf } from '../bounds.js'
import { actionRules, intrabars, sizings, type NumberRule, type Rules, type Spec } from '../simulation/rules.js'
import { number } from './globals.js'

/** The rules that are numbers: name, what stands for the number, and what it means. */
const numbers: readonly (readonly [rule: NumberRule, value: string, help: string])[] = [
  ['capital', '<amount>', 'start capital of each account (default: 100000)'],
  ['risk_fraction', '<share>', 'share of equity lost when the stop is hit, or by one mean range (default: 0.01)'],
  ['fraction', '<share>', 'share of equity put into a position without a stop (default: 1)'],
  ['notional', '<amount>', 'amount put into a position with --sizing notional'],
  ['leverage', '<times>', 'most value of positions as a multiple of equity (default: 1)'],
  ['maintenance_margin', '<share>', 'least equity as a share of the value of positions, else all are left (default: 0.25)'],
  ['max_positions', '<n>', 'open positions of an account at a time'],
  ['max_new_positions', '<n>', 'positions that an account may enter in one bar'],
  ['max_sector_positions', '<n>', 'open positions of a shared account in one sector'],
  ['max_gross_exposure', '<times>', 'most value of positions, long plus short, as a multiple of equity'],
  ['max_net_exposure', '<times>', 'most value of positions, long less short or the reverse, as a multiple of equity'],
  ['max_open_risk', '<share>', 'most loss if all positions go to their stops, as a share of equity'],
  ['cooldown_bars', '<n>', 'closes, from that of the bar of a stop on, at which its symbol is not entered (default: 0)'],
  ['first_target_share', '<share>', 'share of a position left at first_target_price (default: 0.5)'],
  ['time_stop_bars', '<n>', 'bars after which a position is left'],
  ['trail_pct', '<per cent>', 'distance of a trailing stop from the close'],
  ['trail_ranges', '<multiple>', 'distance of a trailing stop from the close, in mean ranges'],
  ['range_bars', '<n>', 'bars of which the mean range is taken (default: 14)'],
  ['participation', '<share>', "most of a bar's volume that is filled; the rest waits for the next bars"],
  ['commission_rate', '<rate>', 'commission as a share of the traded value (default: 0)'],
  ['commission_per_share', '<amount>', 'commission for each share (default: 0)'],
  ['commission_per_trade', '<amount>', 'commission for each fill (default: 0)'],
  ['commission_minimum', '<amount>', 'least commission of a fill (default: 0)'],
  ['slippage_bps', '<bps>', 'slippage in basis points of the price (default: 0)'],
  ['slippage_range', '<share>', "slippage as a share of the bar's range (default: 0)"],
  ['borrow_rate', '<rate>', 'yearly fee on the value of shares sold short (default: 0)'],
  ['cash_rate', '<rate>', 'yearly interest on cash, or on debts (default: 0)'],
]

/** The rules that are on or off. */
const switches: readonly (readonly [rule: SwitchRule, help: string])[] = [
  ['fractional_shares', 'do not round to whole shares'],
  ['allow_short', 'take short entries too'],
  ['exit_session_end', "leave positions at the close of a session's last bar"],
  ['require_volume', 'fill nothing in bars without volume'],
  ['slippage_beyond_bar', 'let slippage carry a fill beyond the range of its bar'],
]

type SwitchRule = { [Name in keyof Rules]: Rules[Name] extends boolean ? Name : never }[keyof Rules]

/** Adds the options of the rules of a simulation to a command. */
export function addSimulationOptions(command: Command): Command {
  command.option('--portfolio', 'one shared account for all symbols')
  command.addOption(new Option('--sizing <rule>', 'size of a position (default: risk)').choices(sizings))
  const side = 'which comes first in a bar that reaches both stop and target (default: pessimistic)'
  command.addOption(new Option('--intrabar <side>', side).choices(intrabars))
  const actions = 'splits and dividends of the store: change positions and orders by them, or not because the bars are adjusted'
  command.addOption(new Option('--actions <rule>', `${actions} (default: ignore)`).choices(actionRules))
  for (const [rule, help] of switches) command.option(optionOf(rule), help)
  for (const [rule, value, help] of numbers) command.option(`${optionOf(rule)} ${value}`, help)
  return command
}

/** Returns what the options of a command say of the rules. Throws a usage error for a number that is none. */
export function simulationSpec(options: Readonly<Record<string, unknown>>): Spec {
  const said = (rule: string) => options[rule.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())]
  return {
    accounts: options.portfolio === true ? 'shared' : 'separate',
    sizing: options.sizing as Spec['sizing'],
    intrabar: options.intrabar as Spec['intrabar'],
    actions: options.actions as Spec['actions'],
    ...Object.fromEntries(switches.map(([rule]) => [rule, said(rule)])),
    ...Object.fromEntries(numbers.map(([rule]) => [rule, number(optionOf(rule), said(rule) as string | undefined)])),
  }
}
