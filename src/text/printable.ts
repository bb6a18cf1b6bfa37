// Control characters carry escape sequences to a terminal, direction marks reorder what a reader sees, and half a
// surrogate pair cannot be written as UTF-8.
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

/** The same, but for the ends of lines and the styles that vmrun gives to texts of its own. */
const unprintableInLines = new RegExp(
  String.raw`(?<own>\n|\u001b\[(?:1|22|31|33|34|39)m)|${unprintable.source}`,
  unprintable.flags,
)

/** What GitHub Actions takes for a command: at the start of a line, and anywhere in one (actions/runner, ActionCommand.cs). */
const commandStart = /^(?<indent>\s*):(?=:)/gmu
const oldCommand = '##['

const longestQuote = 60

/** `text` on one line, with every character that could act on a terminal written as its JSON escape, such as `\u001b`. */
export function printable(text: string): string {
  return replaceUnprintable(text, escaped)
}

/**
 * Lines of text, with the styles that they may have, as they may go to a terminal or a log: nothing else in them acts on
 * a terminal, and none of them is a command for GitHub Actions. A part of them that is somebody else's text has to be
 * `printable` before, or its line breaks are taken for lines.
 */
export function printableLines(text: string): string {
  return text
    .replace(unprintableInLines, (found, own?: string) => own ?? escaped(found))
    .replace(commandStart, String.raw`$<indent>\u003a`)
    .replaceAll(oldCommand, String.raw`#\u0023[`)
}

/** A value as JSON that a terminal and GitHub Actions only show. Programs read the same value. */
export function printableJson(value: unknown, indent?: number): string {
  return printableLines(JSON.stringify(value, undefined, indent))
}

/** `text` with something else for every character that could act on a terminal, where its escape will not do. */
export function replaceUnprintable(text: string, replacement: (character: string) => string): string {
  return text.replace(unprintable, replacement)
}

/** `text` in double quotes, printable, and cut where it is too long for a message. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 2 * longestQuote))
  const shown = characters.slice(0, longestQuote).join('')
  return printable(JSON.stringify(shown.length < text.length ? `${shown}…` : text))
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
