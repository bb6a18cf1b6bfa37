import stringWidth from 'string-width'

/** How many columns the widest of some texts takes. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, stringWidth(text)), 0)
}

/** A cell of a table, filled up with spaces to a width in columns. */
export function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - stringWidth(cell))
}

const indentation = /^ */u

/**
 * A line broken into lines of at most `width` columns, where it has spaces. Each begins with the spaces that the line
 * begins with. A word that is longer than that has a line of its own.
 */
export function wrapped(line: string, width: number): readonly string[] {
  if (stringWidth(line) <= width) {
    return [line]
  }

  const [indent = ''] = indentation.exec(line) ?? []
  const [first = '', ...words] = line.slice(indent.length).split(' ')
  const lines: string[] = []
  let last = indent + first
  for (const word of words) {
    if (stringWidth(`${last} ${word}`) <= width) {
      last = `${last} ${word}`
    } else {
      lines.push(last)
      last = indent + word
    }
  }

  return [...lines, last]
}
