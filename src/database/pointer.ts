import stringWidth from 'string-width'

/** Characters of a line that are shown. */
const shownWidth = 120

/** Returns the line of `text` that holds a place, with its number and a caret below the place. */
export function pointer(text: string, place: number): string {
  const before = text.slice(0, place).split('\n')
  const line = text.split('\n')[before.length - 1].trimEnd()
  const label = `line ${before.length}: `
  const [shown, upToPlace] = cut(line, before.at(-1)!)
  return `${label}${shown}\n${blank(label + upToPlace)}^`
}

/** Returns the place in `text` at which DuckDB points, as in "LINE 2: …" with a caret below; null when it is not in there. */
export function pointedPlace(pointed: string, text: string): number | null {
  const found = /^(?<label>LINE (?<number>\d+): )(?<shown>.*)\n(?<blanks> *)\^/.exec(pointed)?.groups
  if (found === undefined) return null
  const lines = text.split('\n')
  const before = lines.slice(0, Number(found.number) - 1)
  const line = lines.at(before.length) ?? ''
  // what is longer is cut at both ends
  const cutBefore = line.startsWith(found.shown) ? '' : /^(?:\.\.\.)?/.exec(found.shown)![0]
  const start = line.indexOf(found.shown.slice(cutBefore.length).replace(/\.\.\.$/, ''))
  if (start === -1) return null
  const width = found.blanks.length - found.label.length - cutBefore.length
  return before.map((each) => `${each}\n`).join('').length + start + charactersOf(line.slice(start), width)
}

/** A line that is too long is cut around the place. */
function cut(line: string, upToPlace: string): [shown: string, upToPlace: string] {
  if (line.length <= shownWidth) return [line, upToPlace]
  const start = Math.max(0, Math.min(upToPlace.length - shownWidth / 2, line.length - shownWidth))
  const [left, right] = [start === 0 ? '' : '...', start + shownWidth >= line.length ? '' : '...']
  return [left + line.slice(start, start + shownWidth) + right, left + upToPlace.slice(start)]
}

/** Blanks that are as wide as a text, whose tabs stay. */
function blank(text: string): string {
  return Array.from(text, (character) => (character === '\t' ? '\t' : ' '.repeat(stringWidth(character)))).join('')
}

/** How many characters of a text take so many columns; tabs take none, and a mistake is never at one. */
function charactersOf(text: string, width: number): number {
  let [count, left] = [0, width]
  for (const character of text) {
    left -= stringWidth(character)
    if (left < 0) break
    count += character.length
  }
  return count
}
