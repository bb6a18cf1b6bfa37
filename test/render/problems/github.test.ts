import {expect, test} from 'vitest'
import {githubProblems} from '../../../src/render/problems/plain.js'
import {entry, validated} from './validated.js'

test('each problem is a command of a workflow, with its place and its rule', async () => {
  expect(await githubProblems([await validated(`[\n{${entry},\n"rma": 1}]`)])).toBe(
    '::error file=instances.json,line=3,endLine=3,col=1,endColumn=5,title=vmrun/unknown-key::' +
      'unknown key "rma" (did you mean ram?)\n1 file: 1 error, 0 warnings',
  )
})

test('what would end a property or a message is escaped', async () => {
  const problem = {
    rule: 'vmrun/missing-image',
    severity: 'warning',
    file: 'a,b:c%d\ne.json',
    message: '100 %\r\nsure',
    line: 1,
    column: 1,
    endLine: 2,
    endColumn: 3,
  } as const
  expect(await githubProblems([{path: problem.file, text: '', problems: [problem]}])).toBe(
    String.raw`::warning file=a%2Cb%3Ac%25d\u000ae.json,line=1,endLine=2,title=vmrun/missing-image::100 %25\u000d\u000asure` +
      '\n1 file: 0 errors, 1 warning',
  )
})

test('a problem without a place is one of the file', async () => {
  const problem = {rule: 'vmrun/unreadable-file', severity: 'error', file: 'a.json', message: 'gone'} as const
  expect(await githubProblems([{path: 'a.json', text: '', problems: [problem]}])).toContain(
    '::error file=a.json,title=vmrun/unreadable-file::gone\n',
  )
})
