// Control characters carry escape sequences to a terminal, direction marks reorder what a reader sees, and half a
// surrogate pair cannot be written as UTF-8.
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

const longestQuote = 60

/** `text` with every character that could act on a terminal written as its JSON escape, such as `\u001b`. */
export function printable(text: string): string {
  return text.replace(unprintable, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** `text` in double quotes, printable, and cut where it is too long for a message. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 2 * longestQuote))
  const shown = characters.slice(0, longestQuote).join('')
  return printable(JSON.stringify(shown.length < text.length ? `${shown}…` : text))
}
