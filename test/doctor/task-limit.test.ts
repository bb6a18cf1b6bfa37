import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {taskLimitOf, tightest} from '../../src/doctor/task-limit.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** A directory such as the kernel has for a control group. */
async function group(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await temporaryDirectory()
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, name), content)
  }

  return directory
}

test('a control group tells its limit and how much of that is used', async () => {
  const directory = await group({'pids.max': '100\n', 'pids.current': '7\n'})
  expect(await taskLimitOf(directory)).toEqual({limit: 100, used: 7})
})

test.each([{}, {'pids.max': 'max\n', 'pids.current': '7\n'}, {'pids.max': '100\n'}])(
  'a control group with %j has no limit',
  async files => {
    expect(await taskLimitOf(await group(files))).toBeUndefined()
  },
)

test('of several limits the one counts that leaves the least', () => {
  const [own, above] = [
    {limit: 100, used: 7},
    {limit: 200, used: 150},
  ]
  expect(tightest([own, undefined, above])).toBe(above)
  expect(tightest([undefined])).toBeUndefined()
})
