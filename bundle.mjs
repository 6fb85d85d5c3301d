// Puts the command line into few files; all else in dist is as the compiler writes it. Usage: node bundle.mjs [folder]
import { chmodSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'rolldown'

// packages that are many small files: loading them one by one takes longer than all of their code does
const bundled = /^(?:@duckdb\/node-api|commander|cli-progress|fastest-levenshtein|string-width|strip-ansi|ansi-regex|emoji-regex|is-fullwidth-code-point)(?:\/|$)/
const [dir = 'dist'] = process.argv.slice(2)

// only warnings and errors are printed: the program of rolldown would list all files with their sizes
await build({
  cwd: import.meta.dirname,
  input: { cli: 'src/cli.ts' },
  platform: 'node',
  external: (id) => /^[\w@]/.test(id) && !bundled.test(id),
  logLevel: 'warn',
  output: { dir, format: 'esm', chunkFileNames: 'bundle/[name].js', sourcemap: true, minify: false },
})
chmodSync(resolve(import.meta.dirname, dir, 'cli.js'), 0o755)
