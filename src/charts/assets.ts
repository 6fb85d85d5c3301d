import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Returns the font files that pictures are drawn with, so that they look the same on every machine. */
export function fontFiles(): string[] {
  const folder = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf')
  return ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => join(folder, name))
}

/** Returns the scripts that draw a chart in a page; they leave `vega` and `vegaTooltip` behind. */
export function drawingScripts(): string[] {
  const vega = readFileSync(join(require.resolve('vega'), '../vega.min.js'), 'utf8')
  return [vega, tooltipScript(readFileSync(require.resolve('vega-tooltip'), 'utf8'))].map(withoutMap)
}

/** Tooltips come as a module only, whose one import Vega has too. */
function tooltipScript(text: string): string {
  const body = text
    .replace(/^import \{([^}]*)\} from 'vega-util';$/m, 'const {$1} = vega;')
    .replace(/^export \{[^}]*\};$/m, 'return { Handler };')
  return `const vegaTooltip = (() => {\n${body}\n})();`
}

function withoutMap(text: string): string {
  return text.replace(/^\/\/# sourceMappingURL=.*$/m, '')
}
