import { defineConfig } from 'rolldown'

// packages that are many small files: loading them one by one takes longer than all of their code does
const bundled = /^(?:@duckdb\/node-api|commander|cli-progress|fastest-levenshtein|string-width|strip-ansi|ansi-regex|emoji-regex|is-fullwidth-code-point)(?:\/|$)/

/** The command line, as few files; all else in `dist` is as the compiler writes it. */
export default defineConfig({
  input: { cli: 'src/cli.ts' },
  platform: 'node',
  external: (id) => /^[\w@]/.test(id) && !bundled.test(id),
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'bundle/[name].js', sourcemap: true, minify: false },
})
