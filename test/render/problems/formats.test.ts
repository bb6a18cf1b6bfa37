import path from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {formats} from '../../../src/render/problems/formats.js'
import {anyLayout, layOut, tokensOf} from '../../instances/layouts.js'
import {mutated, slips} from '../../instances/mutations.js'
import {hasPublicSecret, secret, secretFile, secretNumber} from '../../instances/secret-files.js'
import {releases} from '../../releases.js'
import {entry, fileWith, shownAs, validated} from './validated.js'

test.each(formats)('no value of a config is shown as %s, however wrong the file is', async format => {
  await fc.assert(
    fc.asyncProperty(secretFile, anyLayout, slips, async (file, layout, changes) => {
      const text = layOut(mutated(tokensOf(file), changes), layout)
      fc.pre(!hasPublicSecret(text))
      const told = await shownAs(format, await validated(text))
      expect(told).not.toContain(secret)
      expect(told).not.toContain(secretNumber)
    }),
    {numRuns: 300},
  )
})

test('for GitHub each problem is a command of a workflow, with its place and its rule', async () => {
  expect(await shownAs('github', await validated(`[\n{${entry},\n"rma": 1}]`))).toBe(
    '::error file=instances.json,line=3,endLine=3,col=1,endColumn=5,title=vmrun/unknown-key::' +
      'unknown key "rma" (did you mean ram?)\n1 file: 1 error, 0 warnings',
  )
})

const problem = {rule: 'vmrun/unreadable-file', severity: 'error', file: 'a.json', message: 'gone'} as const

test('what would end a property or a message of such a command is escaped', async () => {
  const change = {file: 'a,b:c%d\ne.json', message: '100 %\r\nsure'}
  const place = {line: 1, column: 1, endLine: 2, endColumn: 3}
  expect(await shownAs('github', fileWith({...problem, ...change, ...place, severity: 'warning'}))).toBe(
    String.raw`::warning file=a%2Cb%3Ac%25d\u000ae.json,line=1,endLine=2,title=vmrun/unreadable-file::100 %25\u000d\u000asure` +
      '\n1 file: 0 errors, 1 warning',
  )
})

test('a problem without a place is one of the file', async () => {
  expect(await shownAs('github', fileWith(problem))).toContain(
    '::error file=a.json,title=vmrun/unreadable-file::gone\n',
  )
})

async function named(workspace: string | undefined, file: string): Promise<string | undefined> {
  const shown = await shownAs('github', fileWith({...problem, file}), {workspace})
  return /file=(?<file>[^,]*),/u.exec(shown)?.groups?.['file']
}

test('in a repository a file is named by its path there, wherever vmrun was started, and by its place behind links', async () => {
  const here = path.basename(process.cwd())
  expect(await named(path.dirname(process.cwd()), 'instances.json')).toBe(`${here}/instances.json`)
  const {root} = await releases()
  expect(await named(root, `${root}/current/instances.json`)).toBe('releases/5/instances.json')
  expect(await named(root, `${root}/current/../instances.json`)).toBe('releases/instances.json')
})

test.each([
  ['/usr', '/etc/instances.json'],
  ['/usr', '/proc/nonexistent/instances.json'],
  [undefined, 'ci/instances.json'],
])('a file outside of it, or without any, is named as the user did: %s, %s', async (root, file) => {
  expect(await named(root, file)).toBe(file)
})
