import type {SyntaxFault} from '../json/fault.js'
import {isJsonObject} from '../json/value.js'
import {type CheckedEntry, checkedEntry} from './checked-entry.js'
import {checkDocumentShape} from './checks/document-shape.js'
import {findDuplicateKeys} from './checks/duplicate-keys.js'
import {separateDuplicateNames} from './checks/duplicate-names.js'
import {findInexactNumbers} from './checks/inexact-numbers.js'
import {describeViolations} from './checks/schema-violations.js'
import type {Entry} from './entry.js'
import type {Finding} from './problem.js'
import {firstFindings, mostProblems} from './problem-limit.js'
import {readEntries} from './read-entries.js'
import {type InstanceFormat, instanceSchema, keySchemas} from './schema.js'
import {headOf} from './source-places.js'
import {valuesIn} from './values-in.js'

/** What the text of an instances file says, and what is wrong with it. */
export interface CheckedText {
  /** In the order of the text, each name once; without those that stand behind more problems than are shown. */
  readonly entries: readonly CheckedEntry[]
  readonly findings: readonly Finding[]
}

/**
 * Checks the text of an instances file for all that has to hold before anybody can use it.
 *
 * @param directory absolute: what the paths in the text are relative to
 */
export function checkText(text: string, directory: string, format: InstanceFormat): CheckedText {
  const check = entryCheck(directory, format)
  const entries: CheckedEntry[] = []
  const findings: Finding[] = []
  const {root, faults, count} = readEntries(text, entry => {
    if (findings.length > mostProblems) {
      return
    }
    const checked = check(entry)
    entries.push(...checked.entries)
    for (const finding of checked.findings) {
      findings.push(finding)
    }
  })
  const mistakes = faults.map(mistake)
  if (faults.some(({isPlain}) => !isPlain)) {
    return {entries: [], findings: mistakes}
  }
  const {distinct, findings: duplicates} = separateDuplicateNames(entries)
  return {
    entries: distinct,
    findings: [...mistakes, ...checkDocumentShape(root, text, count), ...findings, ...duplicates],
  }
}

/** How many values an instance may have beside those in its config: each may take a problem of its own. */
const mostValues = 10_000

function findExcess({node, name: instance}: Entry): Finding | undefined {
  const parts = node.type === 'object' ? node.members.filter(({key}) => key !== 'config') : []
  let count = 0
  for (const {value} of parts) {
    for (const _ of valuesIn(value)) {
      count += 1
      if (count > mostValues) {
        const message = `the instance has more than ${mostValues} values outside of its config`
        return {rule: 'vmrun/invalid-value', severity: 'error', message, instance, span: headOf(node)}
      }
    }
  }
  return
}

function mistake({isPlain: _, start, end, ...fault}: SyntaxFault): Finding {
  return {severity: 'error', ...fault, span: {start, end}}
}

/** Has the schemas made once for all entries of a file. */
function entryCheck(directory: string, format: InstanceFormat): (entry: Entry) => CheckedText {
  const schema = instanceSchema(format)
  const schemas = keySchemas(format)
  return entry => {
    const {value, node, name} = entry
    const excess = findExcess(entry)
    if (excess !== undefined) {
      return {entries: [], findings: [excess]}
    }
    const parsed = schema.safeParse(value)
    const findings = [
      ...firstFindings(findDuplicateKeys(node, name)),
      ...firstFindings(findInexactNumbers(entry)),
      ...describeViolations(entry, parsed.error?.issues ?? [], schema.shape, format.doubt),
    ]
    const isSound = findings.length === 0
    return {
      entries: isJsonObject(value) ? [checkedEntry(entry, parsed, {isSound, schemas, directory})] : [],
      findings,
    }
  }
}
