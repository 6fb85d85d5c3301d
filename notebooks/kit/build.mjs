/**
 * Builds the notebooks of this folder into self-contained pages: the runs that they read are made on the sample store, their SQL cells
 * are answered by dgas, and everything a page needs is written into it.
 *
 *     node notebooks/kit/build.mjs [--out output/notebooks] [notebook…]
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { getQueryCachePath } from '@observablehq/notebook-kit/databases'
import { config, observable } from '@observablehq/notebook-kit/vite'
import { backtest, openStore, query } from 'dgas'
import { build } from 'vite'
import { offline } from './offline.mjs'
import { onePage } from './one-page.mjs'
import { runs } from './runs.mjs'

const folder = resolve(import.meta.dirname, '..')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string', default: 'output/notebooks' } } })
const out = resolve(values.out)
const names = readdirSync(folder).filter((name) => name.endsWith('.html')).map((name) => basename(name, '.html'))
const chosen = positionals.length === 0 ? names : positionals

/** Opens the sample store that belongs to the notebooks alone; its runs are made anew. */
async function openSample() {
  const work = join(out, 'work')
  rmSync(join(work, 'data/sample/runs'), { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  process.chdir(work)
  return openStore()
}

/** Returns a result as the kit keeps the results of SQL cells: rows, and the types by which it revives them. */
function cellResult({ length, columns, kinds }) {
  const types = { number: 'number', time: 'date', text: 'string', boolean: 'boolean', other: 'other' }
  const value = (name, row) => {
    const found = columns[name][row]
    if (kinds[name] === 'number') return Number.isNaN(found) ? null : Number(found.toPrecision(10))
    return kinds[name] === 'time' ? (Number.isNaN(found) ? null : new Date(found).toISOString()) : found
  }
  const schema = Object.keys(columns).map((name) => ({ name, type: types[kinds[name]] }))
  const rows = Array.from({ length }, (_, row) => Object.fromEntries(schema.map(({ name }) => [name, value(name, row)])))
  return { rows, schema }
}

/** Answers the SQL cells of a notebook before the kit asks for them. */
function answered(store) {
  return async (notebook, { filename }) => {
    for (const { mode, database, value } of notebook.cells.filter((cell) => cell.mode === 'sql')) {
      if (database !== 'dgas') throw new Error(`${filename}: a cell of ${mode} reads ${database}; expected database="dgas"`)
      const file = await getQueryCachePath(filename, database, [value])
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(cellResult(await query(store, value))))
    }
    return notebook
  }
}

async function buildPage(store, name) {
  const page = join(folder, `${name}.html`)
  if (!existsSync(page)) throw new Error(`there is no notebook ${name}; expected ${names.join(', ')}`)
  const template = join(folder, 'kit/template.html')
  await build({
    ...config(),
    root: folder,
    configFile: false,
    logLevel: 'error',
    plugins: [offline(), observable({ template, transformNotebook: answered(store) }), onePage()],
    build: {
      ...{ outDir: out, emptyOutDir: false, assetsInlineLimit: Infinity, cssCodeSplit: false, modulePreload: false },
      ...{ chunkSizeWarningLimit: Infinity, target: 'es2022' },
      rolldownOptions: { input: page, output: { codeSplitting: false } },
    },
  })
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`
const started = performance.now()
const store = await openSample()
for (const choice of runs.filter(({ notebook }) => chosen.includes(notebook))) {
  const { notebook: _, ...spec } = choice
  await backtest(store, spec)
}
console.log(`store and runs ${seconds(started)}`)
for (const name of chosen) {
  const began = performance.now()
  await buildPage(store, name)
  console.log(`${join(out, `${name}.html`)} ${seconds(began)}`)
}
store.close()
