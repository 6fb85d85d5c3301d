// Puts the command line into few files; all else in dist is as the compiler writes it. Usage: node bundle.mjs [folder]
import { chmodSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'rolldown'

// packages that are many small files: loading them one by one takes longer than all of their code does
const bundled = /^(?:@duckdb\/node-api|commander|cli-progress|fastest-levenshtein|string-width|strip-ansi|ansi-regex|emoji-regex|is-fullwidth-code-point)(?:\/|$)/
const [dir = 'dist'] = process.argv.slice(2)

// what commands share would otherwise be cut into a file for each set of commands that share it: a backtest would read 46
const groups = [
  { name: 'start', test: /\/commander\/|\/src\/(?:errors|io|log|package-file|version|store\/files)\.ts$/, priority: 2 },
  { name: 'database', test: /\/@duckdb\/node-api\/|\/src\/(?:database|models|store)\//, priority: 1 },
  // of what a backtest needs, this is needed for its options
  { name: 'options', test: /\/src\/(?:backtest\/progress|simulation\/(?:bounds|rules))\.ts$/, priority: 1 },
  { name: 'backtest', test: /\/src\/(?:backtest|metrics|report|simulation|strategies)\/[^/]*$/ },
]

// only warnings and errors are printed: the program of rolldown would list all files with their sizes
await build({
  cwd: import.meta.dirname,
  input: { cli: 'src/cli.ts' },
  platform: 'node',
  external: (id) => /^[\w@]/.test(id) && !bundled.test(id),
  logLevel: 'warn',
  output: {
    ...{ dir, format: 'esm', chunkFileNames: 'bundle/[name].js', codeSplitting: { groups }, sourcemap: true },
    // names stay, for the stacks of errors; comments and blanks are read anew at every start
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  },
})
chmodSync(resolve(import.meta.dirname, dir, 'cli.js'), 0o755)
