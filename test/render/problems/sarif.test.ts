import sarif from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with {type: 'json'}
import draft04 from 'ajv-draft-04'
import formats from 'ajv-formats'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {fileName} from '../../arbitraries.js'
import {nearlyInstances} from '../../instances/documents.js'
import {entry, fileWith, shownAs, validated} from './validated.js'

/** What the published schema of SARIF 2.1.0 says against a text; nothing where it holds. */
function sarifValidator(): (text: string) => unknown {
  const validate = formats
    .default(new draft04.default({strict: false, unicodeRegExp: false, allErrors: true}))
    .compile(sarif)
  return text => (validate(JSON.parse(text)) ? undefined : validate.errors)
}

test('a problem is a result with its rule, level, message and region', async () => {
  const text = await shownAs('sarif', await validated(`[\n{${entry},\n"rma": 1}, {${entry}}]`))
  expect(JSON.parse(text)).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vmrun',
            version: '1.2.3',
            rules: [{id: 'vmrun/duplicate-name'}, {id: 'vmrun/unknown-key'}],
          },
        },
        columnKind: 'utf16CodeUnits',
        results: [
          {
            ruleId: 'vmrun/unknown-key',
            ruleIndex: 1,
            level: 'error',
            message: {text: 'Unknown key "rma". Did you mean ram?'},
            locations: [
              {
                physicalLocation: {
                  artifactLocation: {uri: 'instances.json'},
                  region: {startLine: 3, startColumn: 1, endLine: 3, endColumn: 6},
                },
              },
            ],
          },
          {
            ruleId: 'vmrun/duplicate-name',
            relatedLocations: [{physicalLocation: {region: {startLine: 2, startColumn: 10}}}],
          },
        ],
      },
    ],
  })
})

test('the published schema of SARIF 2.1.0 accepts it, whatever is wrong with a file of whatever name', async () => {
  const mistakes = sarifValidator()
  await fc.assert(
    fc.asyncProperty(nearlyInstances, fileName, async (text, name) => {
      const file = {...(await validated(text)), path: Buffer.from(name).toString()}
      expect(mistakes(await shownAs('sarif', file))).toBeUndefined()
    }),
    {numRuns: 150},
  )
})

test('it accepts one without problems, and refuses what is no SARIF', async () => {
  const mistakes = sarifValidator()
  const none = await shownAs('sarif', {path: 'a.json', text: '', root: undefined, problems: []})
  expect(mistakes(none)).toBeUndefined()
  expect(mistakes(none.replace('"results"', '"result"'))).toBeDefined()
})

test('a relative path stays relative, and any path is a URI', async () => {
  const uriOf = async (file: string): Promise<unknown> => {
    const problem = {rule: 'vmrun/empty-file', severity: 'error', file, message: 'm'} as const
    const {runs} = JSON.parse(await shownAs('sarif', fileWith(problem)))
    return runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri
  }
  expect(await uriOf('ci/instances #1.json')).toBe('ci/instances%20%231.json')
  expect(await uriOf('/etc/vm run/instances.json')).toBe('file:///etc/vm%20run/instances.json')
})
