import {groupedBy} from '../../grouped-by.js'
import {holds} from '../../instances/checked-entry.js'
import type {InstancesFile} from '../../instances/instances-file.js'
import type {Finding} from '../../instances/problem.js'
import {mostProblems} from '../../instances/problem-limit.js'
import {printable, quoted} from '../../text/printable.js'

/** Two instances with one `ssh-port` cannot run at the same time. Whoever runs one after the other may mean it. */
export function findSharedSshPorts({entries, span}: InstancesFile): readonly Finding[] {
  const withPort = entries
    .filter(entry => holds(entry, ['name', 'ssh-port']))
    .filter(({values}) => values['ssh-port'] !== undefined)
  const groups = groupedBy(withPort, ({values}) => values['ssh-port'])
  return Array.from(groups).flatMap(([port, [first, ...others]]) => {
    const firstSpan = first && span(first, 'ssh-port')
    return others.slice(0, mostProblems).map(
      (other): Finding => ({
        rule: 'vmrun/shared-ssh-port',
        severity: 'warning',
        message: `${quoted(other.values.name)} has ssh-port ${port}, as has ${quoted(first?.values.name ?? '')}`,
        hint: 'they cannot run at the same time: give each a port of its own',
        instance: printable(other.values.name),
        key: 'ssh-port',
        span: span(other, 'ssh-port'),
        first: firstSpan,
      }),
    )
  })
}
