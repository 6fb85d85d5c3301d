import { subtitleSize } from './theme.js'

/**
 * Advance widths of DejaVu Sans 2.37 in thousandths of the font's size, from the space to the tilde: the `hmtx` table
 * of the font that pictures are drawn with.
 */
const advances = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
  748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
] as const

/** The width of a character outside the table, that of the minus sign among them. */
const otherAdvance = 838

/** Returns the width of a line of text in pixels. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0
  for (const character of text) width += advances[character.charCodeAt(0) - 32] ?? otherAdvance
  return (width * fontSize) / 1000
}

/** Returns a text as lines of a subtitle, none wider than `room` pixels unless a word is. */
export function wrapped(text: string, room: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`
    if (lines.length > 0 && textWidth(longer, subtitleSize) <= room) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
