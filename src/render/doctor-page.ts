import stringWidth from 'string-width'
import type {HostReport} from '../doctor/examine-host.js'
import {type Finding, labelOf, sections} from '../doctor/finding.js'
import type {InstanceFinding} from '../doctor/instances.js'
import {printable} from '../text/printable.js'
import {padded, widest, wrapped} from './columns.js'

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

/** Narrower than this there is no room for the text beside its name; a terminal breaks the lines itself. */
const narrowest = 72

/** Of what stands below a row. */
const margin = indent.repeat(3)

/**
 * How well a host can run guests, as a page for people.
 *
 * @param terminalWidth in columns; 0 where there is no terminal
 */
export function doctorPage({findings, file, instances}: HostReport, terminalWidth = 0): string {
  const blocks = [
    ...sections.map(({title, checks}) => ({
      title,
      rows: findings.filter(({check}) => checks.some(name => name === check)).map(findingRow),
    })),
    {title: `Instances of ${file ?? ''}`, rows: instances.map(instanceRow)},
  ].filter(({rows}) => rows.length > 0)
  const widths = {
    label: widest(blocks.flatMap(({rows}) => rows.map(({label}) => label))),
    state: widest(['good', 'poor', 'missing']),
    page: Math.max(narrowest, Math.min(pageWidth, terminalWidth || pageWidth)),
  }
  const pages = blocks.map(({title, rows}) =>
    [...wrapped(printable(title), widths.page), ...rows.flatMap(row => linesOf(row, widths))].join('\n'),
  )
  const note = 'There is no instances.json here, so no instance was looked at.'
  return [...pages, ...(file === null ? [wrapped(note, widths.page).join('\n')] : [])].join('\n\n')
}

function findingRow(finding: Finding): Row {
  const {state, message, hint} = finding
  return {label: printable(labelOf(finding)), state, text: message, below: linesOfHint(hint)}
}

function instanceRow({name, state, message, problems}: InstanceFinding): Row {
  const above = problems.flatMap(({check, subject}) =>
    check === undefined ? [] : [labelOf({check, subject: subject ?? ''})],
  )
  const own = problems
    .filter(({check}) => check === undefined)
    .flatMap(problem => [problem.message, ...linesOfHint(problem.hint).map(line => `${indent}${line}`)])
  return {
    label: printable(name),
    state,
    text: message,
    below: [...own, ...(above.length === 0 ? [] : [`see above: ${above.join(', ')}`])],
  }
}

function linesOfHint(hint: string | undefined): readonly string[] {
  return hint === undefined ? [] : hint.split('\n')
}

function linesOf(
  {label, state, text, below}: Row,
  widths: {readonly label: number; readonly state: number; readonly page: number},
): readonly string[] {
  const head = `${indent}${padded(label, widths.label)}${indent}${padded(state, widths.state)}${indent}`
  const column = stringWidth(head)
  const broken = (line: string, start: number): readonly string[] =>
    wrapped(printable(line), widths.page - start).map(part => ' '.repeat(start) + part)
  const under = below.flatMap(line => broken(line, margin.length))
  const [first = '', ...rest] = broken(text, column)
  return [head + first.slice(column), ...rest, ...under]
}
