import stringWidth from 'string-width'
import type {CheckName, Finding} from '../doctor/finding.js'
import type {HostReport} from '../services/examine-host.js'
import type {InstanceFinding} from '../services/examine-instance.js'
import {printable} from '../text/printable.js'
import {wrapped} from './wrapped.js'

const sections: ReadonlyArray<{readonly title: string; readonly checks: readonly CheckName[]}> = [
  {title: 'Programs', checks: ['qemu', 'firmware', 'qemu-img']},
  {title: 'Acceleration', checks: ['accelerator']},
  {title: 'Protection', checks: ['user', 'parent-death', 'no-new-privs', 'sandbox', 'core-dumps']},
  {title: 'Directories', checks: ['work-directory', 'state-directory']},
  {title: 'Limits', checks: ['open-files', 'processes', 'memory']},
]

/** What each look is called on the page; the subject follows where there may be several. */
const labels: Readonly<Record<CheckName, (subject: string) => string>> = {
  qemu: subject => `QEMU ${subject}`,
  firmware: subject => `firmware ${subject}`,
  'qemu-img': () => 'qemu-img',
  accelerator: subject => subject,
  user: () => 'user',
  'parent-death': () => 'end of vmrun',
  'no-new-privs': () => 'privileges',
  sandbox: subject => `sandbox ${subject}`,
  'core-dumps': () => 'core dumps',
  'work-directory': () => 'work directory',
  'state-directory': () => 'state directory',
  'open-files': () => 'open files',
  processes: () => 'processes',
  memory: () => 'memory',
}

interface Row {
  readonly label: string
  readonly state: string
  readonly text: string
  /** What stands below, in lines. */
  readonly below: readonly string[]
}

const indent = '  '

/** In columns; a terminal may have more, but a page is read more easily. */
const pageWidth = 110

/** How well a host can run guests, as a page for people. */
export function doctorPage({findings, file, instances}: HostReport): string {
  const blocks = [
    ...sections.map(({title, checks}) => ({
      title,
      rows: findings.filter(({check}) => checks.includes(check)).map(findingRow),
    })),
    {title: `Instances of ${printable(file ?? '')}`, rows: instances.map(instanceRow)},
  ].filter(({rows}) => rows.length > 0)
  const widths = {
    label: widest(blocks.flatMap(({rows}) => rows.map(({label}) => label))),
    state: widest(['good', 'poor', 'missing']),
  }
  const pages = blocks.map(({title, rows}) =>
    [title, ...rows.flatMap(row => linesOf(row, widths))].join('\n'),
  )
  const note = file === null ? ['There is no instances.json here, so no instance was looked at.'] : []
  return [...pages, ...note].join('\n\n')
}

function findingRow({check, subject, state, text, advice}: Finding): Row {
  return {label: printable(labels[check](subject)), state, text, below: adviceLines(advice)}
}

function instanceRow({name, state, text, problems}: InstanceFinding): Row {
  return {
    label: printable(name),
    state,
    text,
    below: problems.flatMap(problem => [problem.text, ...adviceLines(problem.advice)]),
  }
}

function adviceLines(advice: string | undefined): readonly string[] {
  return advice === undefined ? [] : advice.split('\n').map(line => `${indent}${line}`)
}

function linesOf(
  {label, state, text, below}: Row,
  widths: {readonly label: number; readonly state: number},
): readonly string[] {
  const head = `${indent}${padded(label, widths.label)}${indent}${padded(state, widths.state)}${indent}`
  const margin = ' '.repeat(stringWidth(head))
  const lines = [...text.split('\n'), ...below].flatMap(line =>
    wrapped(printable(line), pageWidth - margin.length),
  )
  return lines.map((line, index) => (index === 0 ? head : margin) + line)
}

function widest(cells: readonly string[]): number {
  return Math.max(0, ...cells.map(cell => stringWidth(cell)))
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - stringWidth(cell))
}
