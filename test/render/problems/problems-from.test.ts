import path from 'node:path'
import {expect, test} from 'vitest'
import {problemsFrom} from '../../../src/render/problems/plain.js'
import {releases} from '../../releases.js'

const problem = {rule: 'vmrun/empty-file', severity: 'error', message: 'm'} as const

async function named(root: string | undefined, file: string): Promise<string | undefined> {
  const [found] = await problemsFrom(root, [{path: file, text: '', problems: [{...problem, file}]}])
  return found?.file
}

test('in a repository a file is named by its path there, wherever vmrun was started', async () => {
  const root = path.dirname(process.cwd())
  expect(await named(root, 'instances.json')).toBe(path.join(path.basename(process.cwd()), 'instances.json'))
})

test('a file outside of it, or without any, is named as the user did', async () => {
  expect(await named('/usr', '/etc/instances.json')).toBe('/etc/instances.json')
  expect(await named('/usr', '/proc/nonexistent/instances.json')).toBe('/proc/nonexistent/instances.json')
  expect(await named(undefined, 'ci/instances.json')).toBe('ci/instances.json')
})

test('a file behind a link is named by its place in the repository', async () => {
  const {root} = await releases()
  expect(await named(root, `${root}/current/instances.json`)).toBe('releases/5/instances.json')
  expect(await named(root, `${root}/current/../instances.json`)).toBe('releases/instances.json')
})
