import stringWidth from 'string-width'

/** A cell of a table, filled up with spaces to a width in columns. */
export function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - stringWidth(cell))
}
