import {execFileSync} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {formatProblem} from '../../src/instances/problem.js'
import {rules} from '../../src/instances/rules.js'
import {formatProblems} from '../../src/render/problems/formats.js'
import {type Validation, validateFiles} from '../../src/validation/validate-files.js'
import {ownRegistry} from '../plugins/sample-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {blocksUnder, type Example, sections} from './validate-page.js'

/** The directory that the page has its examples in. */
const documented = '/home/user'

const setUp = blocksUnder('The examples').map(({text}) => text)

/** What is found where an example is followed, and what `show` makes of that, as on the page. */
async function found(
  {language, text}: Example,
  show: (validation: Validation) => string | Promise<string>,
): Promise<{readonly validation: Validation; readonly shown: string}> {
  const directory = await temporaryDirectory()
  const script = [...setUp, ...(language === 'sh' ? [text] : [])].join('\n')
  const env = {PATH: process.env['PATH'], HOME: directory}
  execFileSync('sh', ['-euc', script], {cwd: directory, env})
  if (language === 'json') {
    await writeFile(join(directory, 'instances.json'), text)
  }
  const options = {hostChecks: true, strict: false}
  const validation = await validateFiles([join(directory, 'instances.json')], ownRegistry, options)
  const shown = await show(validation)
  return {
    validation,
    shown: shown
      .replaceAll(join(directory, 'instances.json'), 'instances.json')
      .replaceAll(directory, documented),
  }
}

function plainLines({files}: Validation): string {
  return files.flatMap(({problems}) => problems.map(formatProblem)).join('\n')
}

test('the page has a section for each rule, in their order, and for nothing else', () => {
  expect(sections.map(({rule}) => rule)).toEqual(Object.keys(rules))
})

test.each(sections)(
  'the page has examples for $rule, and no block that is not tried',
  ({bad, good, blocks}) => {
    expect(bad).not.toEqual([])
    expect(good).not.toEqual([])
    expect(blocks).toBe(2 * bad.length + good.length)
  },
)

test.each(sections)('what the page says breaks $rule does, and breaks no other rule', async section => {
  const severities = new Set<string>()
  for (const example of section.bad) {
    const {validation, shown} = await found(example, plainLines)
    expect(shown).toBe(example.printed)
    for (const {rule, severity} of validation.files.flatMap(({problems}) => problems)) {
      expect(rule).toBe(section.rule)
      severities.add(severity)
    }
  }

  expect([...severities]).toEqual(section.severities)
})

test.each(sections)('what the page says is right where $rule is broken has no problem', async ({good}) => {
  for (const example of good) {
    const {validation, shown} = await found(example, plainLines)
    expect(shown).toBe('')
    expect(validation.outcome).toBe('clean')
  }
})

test('what the page shows in the pretty format is what is printed', async () => {
  const [file, printed, ...others] = blocksUnder('What it prints')
  expect(others).toEqual([])
  const reader = {hasColors: false, columns: 100, version: '0.0.0'}
  const {shown} = await found(file ?? {language: '', text: ''}, validation =>
    formatProblems(validation, 'pretty', reader),
  )
  expect(`${shown}\n`).toBe(printed?.text)
})
