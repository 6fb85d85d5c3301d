import type { Layer, LayeredSpec } from './frame.js'

/**
 * Returns layers whose horizontal axis can be moved by dragging and stretched by turning the wheel with the shift key, which
 * leaves the wheel alone to scroll the page; a double click shows everything again. Nothing is drawn beyond the view.
 */
export function zoomable(layers: readonly Layer[]): Layer[] {
  const clipped = layers.map(withClip)
  return clipped.map((layer, at) => (at === 0 ? withSelection(layer) : layer))
}

const zoom: NonNullable<LayeredSpec['params']>[number] = {
  name: 'zoom',
  select: { type: 'interval', encodings: ['x'], zoom: 'wheel![event.shiftKey]' },
  bind: 'scales',
}

function withSelection(layer: Layer): Layer {
  if (!('layer' in layer)) return { ...layer, params: [...(layer.params ?? []), zoom] } as Layer
  const [first, ...others] = layer.layer
  return { ...layer, layer: [withSelection(first), ...others] }
}

function withClip(layer: Layer): Layer {
  if ('layer' in layer) return { ...layer, layer: layer.layer.map(withClip) }
  const { mark } = layer
  const definition = typeof mark === 'string' ? { type: mark } : mark
  return { ...layer, mark: { ...definition, clip: true } }
}
