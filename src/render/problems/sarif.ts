import {isAbsolute, sep} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Problem, Region} from '../../instances/problem.js'
import {type RuleId, rules} from '../../instances/rules.js'
import {capitalized} from '../../text/capitalized.js'

/** What regions count in, as vmrun does. */
// biome-ignore lint/security/noSecrets: a value of SARIF's
const columnKind = 'utf16CodeUnits'

/**
 * Problems as SARIF 2.1.0 (OASIS), which code scanners and editors read. No text of the file is in it, as that may hold
 * secrets.
 *
 * @param version of vmrun
 */
export function sarifProblems(problems: readonly Problem[], version: string): object {
  const used = [...new Set(problems.map(({rule}) => rule))].toSorted()
  const described = used.map(id => ({id, shortDescription: {text: `It is found ${rules[id]}.`}}))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {driver: {name: 'vmrun', version, rules: described}},
        columnKind,
        invocations: [{executionSuccessful: problems.every(({rule}) => rule !== 'vmrun/unreadable-file')}],
        results: problems.map(problem => resultOf(problem, used)),
      },
    ],
  }
}

function resultOf(problem: Problem, used: readonly RuleId[]): object {
  const {rule, severity, message, hint, file, first} = problem
  const sentences = [message, ...(hint === undefined ? [] : [hint])].map(
    sentence => `${capitalized(sentence)}${sentence.endsWith('.') || sentence.endsWith('?') ? '' : '.'}`,
  )
  return {
    ruleId: rule,
    ruleIndex: used.indexOf(rule),
    level: severity,
    message: {text: sentences.join(' ')},
    locations: [location(file, problem)],
    ...(first !== undefined && {
      relatedLocations: [{...location(file, first), message: {text: 'First here.'}}],
    }),
  }
}

function location(
  file: string,
  {line: startLine, column: startColumn, endLine, endColumn}: Partial<Region>,
): object {
  return {
    physicalLocation: {
      artifactLocation: {uri: uriOf(file)},
      ...(startLine !== undefined && {region: {startLine, startColumn, endLine, endColumn}}),
    },
  }
}

/** A relative path stays relative: whoever reads the file resolves it against the root of the repository. */
function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.split(sep).map(encodeURIComponent).join('/')
}
