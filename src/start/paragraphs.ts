/** Text for a help page: the lines of a paragraph joined, as oclif wraps them itself; an empty one ends a paragraph. */
export function paragraphs(...lines: readonly string[]): string {
  return lines
    .join(' ')
    .split('  ')
    .map(paragraph => paragraph.trim())
    .join('\n\n')
}
