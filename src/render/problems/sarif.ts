import {isAbsolute, sep} from 'node:path'
import {pathToFileURL} from 'node:url'
import {type Problem, type Region, regionOf} from '../../instances/problem.js'
import {type RuleId, rules} from '../../instances/rules.js'
import {capitalized} from '../../text/capitalized.js'
import {printableJson} from '../../text/printable.js'
import type {ValidatedFile} from '../../validation/validate-files.js'
import {problemsFrom} from './plain.js'

/** What regions count in, as vmrun does. */
// biome-ignore lint/security/noSecrets: a value of SARIF's
const columnKind = 'utf16CodeUnits'

/**
 * Problems as SARIF 2.1.0 (OASIS), which code scanners and editors read. No text of the file is in it, as that may hold
 * secrets.
 *
 * @param version of vmrun
 * @param root of the repository, where that is known
 */
export async function sarifProblems(
  files: readonly ValidatedFile[],
  version: string,
  root?: string,
): Promise<string> {
  const problems = await problemsFrom(root, files)
  const used = [...new Set(problems.map(({rule}) => rule))].toSorted()
  return printableJson(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'vmrun',
              version,
              rules: used.map(id => ({id, shortDescription: {text: `It is found ${rules[id]}.`}})),
            },
          },
          columnKind,
          invocations: [{executionSuccessful: problems.every(({rule}) => rule !== 'vmrun/unreadable-file')}],
          results: problems.map(problem => resultOf(problem, used)),
        },
      ],
    },
    2,
  )
}

function resultOf(problem: Problem, used: readonly RuleId[]): object {
  const {rule, severity, message, hint, file, first} = problem
  const sentences = [message, ...(hint === undefined ? [] : [hint])].map(
    sentence => `${capitalized(sentence)}${sentence.endsWith('.') || sentence.endsWith('?') ? '' : '.'}`,
  )
  const region = regionOf(problem)
  return {
    ruleId: rule,
    ruleIndex: used.indexOf(rule),
    level: severity,
    message: {text: sentences.join(' ')},
    locations: [location(file, region)],
    ...(first !== undefined && {
      relatedLocations: [{...location(file, first), message: {text: 'First here.'}}],
    }),
  }
}

function location(file: string, region: Region | undefined): object {
  return {
    physicalLocation: {
      artifactLocation: {uri: uriOf(file)},
      ...(region !== undefined && {
        region: {
          startLine: region.line,
          startColumn: region.column,
          endLine: region.endLine,
          endColumn: region.endColumn,
        },
      }),
    },
  }
}

/** A relative path stays relative: whoever reads the file resolves it against the root of the repository. */
function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.split(sep).map(encodeURIComponent).join('/')
}
