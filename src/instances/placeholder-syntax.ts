/** What stands for a text that is found out when a run starts: `source` tells where, `argument` tells it what. */
export interface Placeholder {
  readonly source: string
  readonly argument: string
}

/** A part of a string of the configuration. A string that begins a placeholder and does not end it has a fault. */
export type Segment = string | Placeholder | {readonly fault: string}

/** How a placeholder begins. */
const opening = '${{'
const closing = '}}'
const content = /^\s*(?<source>[A-Za-z][\w-]*)\s*:(?<argument>.*)$/su

/**
 * Takes apart a string that may hold placeholders, `${{ source:argument }}`, with or without the blanks. The argument
 * may hold anything but `}}`. `$${{` stands for the text `${{`. A fault never repeats the text: it may be a secret.
 */
export function parsePlaceholders(text: string): Segment[] {
  const segments: Segment[] = []
  let done = 0
  for (let start = text.indexOf(opening); start !== -1; start = text.indexOf(opening, done)) {
    const inside = start + opening.length
    if (start > done && text[start - 1] === '$') {
      segments.push(text.slice(done, start - 1), opening)
      done = inside
      continue
    }
    const end = text.indexOf(closing, inside)
    if (end === -1) {
      return [...segments, {fault: `a placeholder is not closed with ${closing}`}]
    }
    segments.push(text.slice(done, start), parseContent(text.slice(inside, end)))
    done = end + closing.length
  }
  return [...segments, text.slice(done)]
}

function parseContent(text: string): Segment {
  const {source, argument = ''} = content.exec(text)?.groups ?? {}
  if (source === undefined) {
    return {fault: 'a placeholder does not consist of a name, a colon and an argument'}
  }
  const trimmed = argument.trim()
  return trimmed === '' ? {fault: 'a placeholder has nothing behind its colon'} : {source, argument: trimmed}
}
