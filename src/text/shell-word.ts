import {replaceUnprintable} from './printable.js'

/** Nothing in it that a shell reads anything into. */
const plainWord = /^[\w@%+=:,./-]+$/u

/**
 * One word of a command, quoted where a shell would read something into it (POSIX.1-2017, XCU 2.2.2). What could act on a
 * terminal printf writes instead; no line of it, and nothing in it, is a command for GitHub Actions.
 */
export function shellWord(word: string): string {
  if (plainWord.test(word)) {
    return word
  }

  const lines = word
    .replaceAll("'", `'\\''`)
    .replaceAll('##[', "#''#[")
    .split('\n')
    .map(line => replaceUnprintable(line, character => `'"$(printf '${octal(character)}')"'`))
  return `'${lines.join("\n''")}'`
}

function octal(character: string): string {
  return Array.from(Buffer.from(character), byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
