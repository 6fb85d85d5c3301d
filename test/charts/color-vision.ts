/** A colour as `#rrggbb`. */
export type Hex = `#${string}`
type Triple = [number, number, number]

/**
 * Simulation of colour vision without one kind of cone, on linear RGB: Machado, Oliveira and Fernandes, "A Physiologically-based Model
 * for Simulation of Color Vision Deficiency", IEEE TVCG 15 (6), 2009, severity 1.0.
 */
export const visions = {
  full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
} as const
export type Vision = keyof typeof visions

/** Returns the colour in CIE L*a*b* (D65) as it looks to a reader with that vision. */
export function labOf(color: Hex, vision: Vision): Triple {
  const seen = times(visions[vision], linear(color)).map((value) => Math.min(1, Math.max(0, value)))
  const xyz = times([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]], seen)
  const [x, y, z] = [xyz[0] / 0.95047, xyz[1], xyz[2] / 1.08883].map((t) => (t > 216 / 24389 ? Math.cbrt(t) : (t * 24389) / 27 / 116 + 16 / 116))
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** Returns the difference of two colours after CIEDE2000: Sharma, Wu and Dalal, Color Research & Application 30 (1), 2005. */
export function difference([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const pull = (c: number) => Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7))
  const g = 0.5 * (1 - pull((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2))
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)]
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)]
  const [h1, h2] = [angle(b1, p1), angle(b2, p2)]
  const turn = c1 * c2 === 0 ? 0 : ((h2 - h1 + 540) % 360) - 180
  const hue = c1 * c2 === 0 ? h1 + h2 : (h1 + turn / 2 + 360) % 360
  const [light, chroma] = [(l1 + l2) / 2, (c1 + c2) / 2]
  const t = 1 - 0.17 * cos(hue - 30) + 0.24 * cos(2 * hue) + 0.32 * cos(3 * hue + 6) - 0.2 * cos(4 * hue - 63)
  const dl = (l2 - l1) / (1 + (0.015 * (light - 50) ** 2) / Math.sqrt(20 + (light - 50) ** 2))
  const dc = (c2 - c1) / (1 + 0.045 * chroma)
  const dh = (2 * Math.sqrt(c1 * c2) * Math.sin((turn * Math.PI) / 360)) / (1 + 0.015 * chroma * t)
  const twist = -Math.sin((60 * Math.exp(-(((hue - 275) / 25) ** 2)) * Math.PI) / 180) * 2 * pull(chroma)
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + twist * dc * dh)
}

/** Returns the contrast of two colours after WCAG 2.2, from 1 to 21. */
export function contrast(one: Hex, other: Hex): number {
  const [dark, light] = [one, other].map((color) => {
    const [r, g, b] = linear(color)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }).sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function linear(color: Hex): Triple {
  return [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as Triple
}

function times(matrix: readonly (readonly number[])[], vector: readonly number[]): Triple {
  return matrix.map((row) => row.reduce((sum, factor, at) => sum + factor * vector[at], 0)) as Triple
}

function angle(y: number, x: number): number {
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360
}

function cos(degrees: number): number {
  return Math.cos((degrees * Math.PI) / 180)
}
