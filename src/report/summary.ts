import { alignedTable, count, counted, duration, megabytes } from '../format.js'
import { healthLine, healthRows } from './health.js'
import { declinedTexts, headline, ranked, reasons, reasonText, symbolCells, symbolColumns, symbolNote, title } from './rows.js'
import type { RunReport } from './record.js'

/** Returns what the terminal shows at the end of a run: headline figures, best and worst symbols, time, memory and health. */
export function summaryText(report: RunReport): string {
  const { record } = report
  const pairs = headline(report).map(([name, value]) => [name, value])
  return [
    `${title(record)}\n`,
    alignedTable([{ name: 'total', isNumber: false }, { name: '', isNumber: true }], pairs),
    extremes(report),
    notTaken(report),
    leftOut(report),
    `${speed(report)}${healthLine(healthRows(report))}`,
  ].filter((part) => part !== '').join('\n')
}

function extremes({ record, symbols }: RunReport): string {
  const all = ranked(symbols)
  if (all.length < 2) return ''
  const shown = Math.min(3, Math.floor(all.length / 2))
  const rows = [...all.slice(0, shown), ...all.slice(-shown)]
  const note = symbolNote(record)
  return alignedTable(symbolColumns, rows.map(symbolCells)) + (note === '' ? '' : `${note}\n`)
}

function notTaken({ record }: RunReport): string {
  const texts = declinedTexts(record)
  return texts.length === 0 ? '' : `entries not taken: ${texts.join(', ')}\n`
}

function leftOut({ record }: RunReport): string {
  const left = [...record.failed, ...record.skipped]
  return reasons(left).map(([reason, symbols]) => `${counted(symbols, 'symbol')} left out: ${reasonText(reason)}\n`).join('')
}

function speed({ record }: RunReport): string {
  const perSecond = count(Math.round(record.bars / record.seconds))
  const memory = megabytes(record.peak_memory_bytes)
  return `${count(record.bars)} bars in ${duration(record.seconds * 1000)} (${perSecond} bars/s), peak memory ${memory}\n`
}
