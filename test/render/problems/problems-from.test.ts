import path from 'node:path'
import {expect, test} from 'vitest'
import {problemsFrom} from '../../../src/render/problems/plain.js'

const problem = {rule: 'vmrun/empty-file', severity: 'error', message: 'm'} as const

function named(root: string | undefined, file: string): string | undefined {
  return problemsFrom(root, [{path: file, text: '', problems: [{...problem, file}]}])[0]?.file
}

test('in a repository a file is named by its path there, wherever vmrun was started', () => {
  const root = path.dirname(process.cwd())
  expect(named(root, 'instances.json')).toBe(path.join(path.basename(process.cwd()), 'instances.json'))
  expect(named('/repo', '/repo/ci/instances.json')).toBe('ci/instances.json')
})

test('a file outside of it, or without any, is named as the user did', () => {
  expect(named('/repo', '/elsewhere/instances.json')).toBe('/elsewhere/instances.json')
  expect(named(undefined, 'ci/instances.json')).toBe('ci/instances.json')
})
