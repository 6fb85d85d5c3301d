import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = resolve(import.meta.dirname, '../src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))

/** Which rooms each room may import besides itself; top-level files are rooms of their own name. */
const mayImport: Record<string, readonly string[]> = {
  errors: [],
  bounds: ['errors'],
  rows: [],
  'package-file': [],
  version: ['package-file'],
  io: [],
  log: ['errors', 'io', 'store'],
  format: [],
  path: [],
  database: ['errors', 'rows'],
  simulation: ['rows', 'bounds', 'errors', 'format'],
  metrics: ['rows', 'errors', 'format'],
  charts: ['database', 'rows', 'errors', 'format', 'metrics'],
  store: ['database', 'errors', 'rows', 'format', 'models', 'package-file'],
  models: ['bounds', 'database', 'errors', 'package-file', 'rows', 'store'],
  strategies: ['database', 'errors', 'models'],
  import: ['database', 'errors', 'rows', 'store', 'models', 'format'],
  query: ['database', 'errors', 'format', 'models', 'store'],
  report: ['rows', 'bounds', 'errors', 'format', 'metrics', 'models', 'charts', 'package-file', 'simulation'],
  backtest: ['database', 'errors', 'format', 'metrics', 'models', 'report', 'rows', 'simulation', 'store', 'strategies', 'version'],
  analysis: ['database', 'errors', 'format', 'models', 'store'],
  audit: ['backtest', 'database', 'errors', 'format', 'models', 'store', 'strategies'],
  comparison: ['backtest', 'charts', 'database', 'errors', 'format', 'report', 'store'],
  doctor: ['database', 'errors', 'format', 'models', 'queue', 'store', 'version'],
  queue: ['backtest', 'database', 'errors', 'format', 'store'],
  commands: [
    ...['analysis', 'audit', 'backtest', 'bounds', 'charts', 'comparison', 'database', 'doctor', 'errors', 'format', 'import', 'io', 'log', 'metrics', 'models'],
    ...['path', 'query', 'queue', 'report', 'rows', 'simulation', 'store', 'strategies', 'version'],
  ],
  library: ['backtest', 'charts', 'database', 'errors', 'models', 'query', 'report', 'store'],
  index: ['library', 'backtest', 'charts', 'database', 'errors', 'models', 'report'],
  cli: ['commands', 'errors', 'io', 'log', 'version'],
  'load-bundle': [],
  bin: ['cli', 'load-bundle'],
}

const pureRooms = ['rows', 'bounds', 'errors', 'format', 'simulation', 'metrics', 'charts']

describe('the rooms of the source', () => {
  it.each(files)('%s imports only what its room may', (file) => {
    const room = roomOf(file)
    const foreign = imports(file).filter((path) => path.startsWith('.')).map((path) => target(file, path))
    const wrong = foreign.filter((other) => other !== room && !(mayImport[room] ?? []).includes(other))
    expect(wrong).toEqual([])
  })

  it.each(files.filter((file) => pureRooms.includes(roomOf(file))))('%s has no effects', (file) => {
    const allowed = file === join('charts', 'render.ts') || file === join('charts', 'assets.ts')
    const effects = imports(file).filter((path) => path.startsWith('node:') || path.includes('duckdb') || path === 'commander')
    const text = readFileSync(join(source, file), 'utf8')
    expect(allowed ? [] : effects).toEqual([])
    expect(allowed ? [] : (text.match(/\bprocess\.|\bDate\.now\(|\bnew Date\(\)|Math\.random\(/g) ?? [])).toEqual([])
  })

  it('imports DuckDB in the database room only, except for types', () => {
    const importers = files.filter((file) => {
      return /^import (?!type)[^\n]*'@duckdb\/node-api'/m.test(readFileSync(join(source, file), 'utf8'))
    })
    expect(importers.filter((file) => roomOf(file) !== 'database')).toEqual([])
  })

  it('has no circle of imports', () => {
    const edges = new Map(files.map((file) => [file, localImports(file)]))
    expect(findCircle(edges)).toEqual([])
  })
})

function roomOf(file: string): string {
  const [first] = file.split(/[/\\]/)
  return first.replace(/\.ts$/, '')
}

function imports(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8')
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1])
}

function resolved(file: string, path: string): string {
  return relative(source, resolve(dirname(join(source, file)), path)).replace(/\.js$/, '.ts')
}

function target(file: string, path: string): string {
  return roomOf(resolved(file, path))
}

function localImports(file: string): string[] {
  return imports(file).filter((path) => path.startsWith('.')).map((path) => resolved(file, path))
}

function findCircle(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return []
    done.add(file)
    return (edges.get(file) ?? []).map((next) => visit(next, [...path, file])).find((circle) => circle.length > 0) ?? []
  }
  return [...edges.keys()].map((file) => visit(file, [])).find((circle) => circle.length > 0) ?? []
}
