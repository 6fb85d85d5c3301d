import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const compiler = join(root, 'node_modules/typescript/bin/tsc')

/** A folder of somebody who has installed the package as it is published. */
export interface Consumer {
  folder: string
  /** The folder of the installed package. */
  installed: string
  /** Compiles programs, strictly, beside which they are run; returns what the compiler complains about. */
  compile: (programs: Record<string, string>) => string
  /** Runs a compiled program and returns what it prints. */
  run: (program: string) => string
  /** Paths of the files that would be published. */
  packed: () => string[]
  remove: () => void
}

const options = {
  ...{ target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['ES2023', 'DOM'], types: ['node'] },
  ...{ strict: true, skipLibCheck: false, noEmitOnError: false },
}

/** Builds the package into a folder of its own; its dependencies are those of this one. */
export function consumer(): Consumer {
  mkdirSync(join(root, 'output'), { recursive: true })
  const folder = mkdtempSync(join(root, 'output', 'consumer-'))
  const installed = join(folder, 'node_modules', 'dgas')
  // whether the source is sound is checked beside the tests
  execFileSync('node', [compiler, '-p', join(root, 'tsconfig.build.json'), '--noCheck', '--outDir', join(installed, 'dist')], { cwd: root })
  for (const name of ['package.json', 'sql', 'README.md', 'LICENSE']) cpSync(join(root, name), join(installed, name), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return {
    folder,
    installed,
    compile(programs) {
      for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, `${name}.ts`), text)
      const files = Object.keys(programs).map((name) => `${name}.ts`)
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }))
      return complaints(folder)
    },
    run: (program) => execFileSync('node', [join(folder, `${program}.js`)], { cwd: folder, encoding: 'utf8' }),
    packed() {
      const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: installed, encoding: 'utf8' })
      return (JSON.parse(listed) as { files: { path: string }[] }[])[0].files.map(({ path }) => path)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function complaints(folder: string): string {
  try {
    return execFileSync('node', [compiler, '-p', folder], { encoding: 'utf8' })
  } catch (error) {
    // the declarations of arquero have a mistake of their own
    return (error as { stdout: string }).stdout.replaceAll(/^\S*node_modules\/arquero\/.*\n/gm, '')
  }
}
