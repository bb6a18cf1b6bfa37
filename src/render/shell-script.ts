import type {StepPlan} from '../launch/prepare-run.js'
import {printable, replaceUnprintable} from '../text/printable.js'

/** The plans as a script for a POSIX shell: the titles as comments, the commands ready to paste. */
export function planScript(plans: readonly StepPlan[]): string {
  return plans
    .map(({title, commands}) =>
      [`# ${printable(title)}`, ...commands.map(command => command.map(shellWord).join(' '))].join('\n'),
    )
    .join('\n')
}

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
