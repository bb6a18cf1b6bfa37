import type {StepPlan} from '../launch/describe-run.js'
import {printable} from '../text/printable.js'
import {shellWord} from '../text/shell-word.js'

/** The plans as a script for a POSIX shell: the titles as comments, the commands ready to paste. */
export function planScript(plans: readonly StepPlan[]): string {
  return plans
    .map(({title, commands}) =>
      [`# ${printable(title)}`, ...commands.map(command => command.map(shellWord).join(' '))].join('\n'),
    )
    .join('\n')
}
