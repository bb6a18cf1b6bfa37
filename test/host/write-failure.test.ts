import {writeFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {whyNotWritten} from '../../src/host/write-failure.js'

test.each([
  ['/proc/nonexistent/file', 'its directory does not exist'],
  ['/dev/null/file', 'a part of its path is not a directory'],
  ['/dev/full', 'no space is left'],
])('why %s cannot be written is told in words', async (file, why) => {
  expect(whyNotWritten(await writeFile(file, 'x').catch((error: unknown) => error))).toBe(why)
})

test('a reason that has no words of its own keeps the system’s', async () => {
  const failure = await writeFile('/', 'x').catch((error: unknown) => error)
  expect(whyNotWritten(failure)).toContain('EISDIR')
})
