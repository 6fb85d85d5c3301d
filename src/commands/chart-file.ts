import { writeFileSync } from 'node:fs'
import type { Spec } from '../charts/frame.js'
import { chartFormats, renderChart, type ChartFormat } from '../charts/render.js'
import { usageError } from '../errors.js'
import type { Io } from '../io.js'
import { fileError } from '../store/files.js'
import { formatOf } from './output-format.js'

/** Where a chart goes. */
export interface ChartTarget {
  format: ChartFormat
  /** null: a file in the working directory that is named after the chart. */
  output: string | null
  /** Whether the specification goes to standard output instead. */
  isPrinted: boolean
}

/** What the options say of the target. */
export interface TargetOptions {
  format?: ChartFormat
  output?: string
  /** `--json` without a file prints the specification. */
  json: boolean
}

const extensions = Object.fromEntries(chartFormats.map((format) => [format, format])) as Record<ChartFormat, ChartFormat>

/** Returns where a chart goes and in which form: `--format`, else the extension of `--output`, else SVG. */
export function chartTarget({ format, output, json }: TargetOptions): ChartTarget {
  const chosen = format ?? (output === undefined ? undefined : formatOf(output, extensions, 'kind of chart')) ?? (json ? 'json' : 'svg')
  if (json && chosen !== 'json') {
    throw usageError({ what: `--json and ${chosen} are both asked for`, expected: 'one format' })
  }
  return { format: chosen, output: output ?? null, isPrinted: json && output === undefined }
}

/** Writes a chart, then its path as the last line of standard output; `name` is the default file without extension. */
export async function writeChart(spec: Spec, target: ChartTarget, name: string, io: Io): Promise<void> {
  const content = await renderChart(spec, target.format)
  if (target.isPrinted) {
    io.out(content as string)
    return
  }
  const file = target.output ?? `${fileName(name)}.${target.format === 'json' ? 'vl.json' : target.format}`
  try {
    writeFileSync(file, content)
  } catch (error) {
    throw fileError(error, file)
  }
  io.out(`${file}\n`)
}

/** Leaves only what a file's name may have everywhere; letters of any script, since symbols of one must not share a file. */
function fileName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '_').replace(/^\.+/, '_')
}
