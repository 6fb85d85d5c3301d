import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { usageError } from '../errors.js'

/**
 * Returns the format that the extension of `--output` stands for; `formats` are those by extension, `noun` what the file
 * holds. Throws a usage error for an extension that is not among them, and for a folder.
 */
export function formatOf<Format>(file: string, formats: Readonly<Record<string, Format>>, noun: string): Format {
  const extension = extname(file).slice(1).toLowerCase()
  if (Object.hasOwn(formats, extension)) return formats[extension]
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
  const what = isFolder ? 'is a folder' : extension === '' ? 'has no extension' : `is no ${noun}`
  const known = `${Object.keys(formats).map((name) => `.${name}`).join(', ')} or --format`
  throw usageError({ what: `"${file}" ${what}`, where: '--output', expected: isFolder ? 'the name of a file' : known })
}
