import type {StepPlan} from '../services/describe-run.js'
import {printable} from '../text/printable.js'

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

/** One word of a command, quoted where a shell would read something into it (POSIX.1-2017, XCU 2.2.2). */
function shellWord(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
