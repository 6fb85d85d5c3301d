/** A Vite plugin that writes the script and the style sheet of each page into it, so that it opens from a disk without a server. */
export function onePage() {
  return {
    name: 'one-page',
    enforce: 'post',
    generateBundle(_, bundle) {
      const pages = Object.values(bundle).filter(({ fileName }) => fileName.endsWith('.html'))
      const parts = Object.values(bundle).filter(({ fileName }) => !fileName.endsWith('.html'))
      for (const page of pages) for (const part of parts) page.source = withPart(String(page.source), part)
      for (const { fileName } of parts) Reflect.deleteProperty(bundle, fileName)
    },
  }
}

function withPart(html, { type, fileName, code, source }) {
  const name = fileName.split('/').at(-1)
  if (type === 'chunk') return replaced(html, new RegExp(`<script[^>]*${name}"[^>]*></script>`), script(code))
  if (name.endsWith('.css')) return replaced(html, new RegExp(`<link[^>]*${name}"[^>]*>`), `<style>${source}</style>`)
  throw new Error(`${fileName} has no place in the page`)
}

function replaced(html, tag, text) {
  if (!tag.test(html)) throw new Error(`no tag ${tag} in the page`)
  // in a replacement text $ would have a meaning
  return html.replace(tag, () => text)
}

/** Without what would end the element before its end, and with nothing where Vite puts the files that an import loads ahead. */
function script(code) {
  const whole = code.replaceAll('__VITE_PRELOAD__', '[]')
  return `<script type="module">${whole.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--')}</script>`
}
