import {
  appendFile,
  chmod,
  link,
  open,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {openImageFile} from '../../src/disks/image-file.js'
import {type ImageWatch, watchImage} from '../../src/disks/image-watch.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** Two files, and a watch over both, which looks at the first one first. */
async function watched(): Promise<{
  readonly first: string
  readonly second: string
  readonly watch: ImageWatch
}> {
  const directory = await temporaryDirectory()
  const [first, second] = [join(directory, 'first'), join(directory, 'second')]
  for (const path of [first, second]) {
    await writeFile(path, 'bytes')
    // Long ago, so that a change is one by any clock.
    await utimes(path, 1, 1)
  }

  const files = await Promise.all([first, second].map(openImageFile))
  const watch = await watchImage(files)
  onTestFinished(async () => {
    watch.close()
    await Promise.all(files.map(({handle}) => handle.close()))
  })
  return {first, second, watch}
}

async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+')
  await file.write('other')
  await file.close()
}

test.each<[string, (path: string) => Promise<unknown>]>([
  ['truncated', path => truncate(path, 0)],
  ['appended to', path => appendFile(path, 'more')],
  ['written to in place', overwrite],
  ['renamed and then written to', path => rename(path, `${path}-old`).then(() => overwrite(`${path}-old`))],
  ['written to by a further name', path => link(path, `${path}-too`).then(() => overwrite(`${path}-too`))],
])('a file that is %s is noticed at once, and at the end', async (_, change) => {
  const {second, watch} = await watched()
  expect(await watch.check()).toBeUndefined()
  await change(second)
  expect(await watch.changed).toBe(second)
  expect(await watch.check()).toBe(second)
})

test.each<[string, (path: string) => Promise<unknown>]>([
  ['deleted', path => rm(path)],
  ['renamed', path => rename(path, `${path}-old`)],
  [
    'replaced by another one',
    async path => {
      await writeFile(`${path}-new`, 'quite another content')
      await rename(`${path}-new`, path)
      await appendFile(path, 'and more')
    },
  ],
  ['given other permissions', path => chmod(path, 0o400)],
  ['given a further name', path => link(path, `${path}-too`)],
  ['read', path => readFile(path)],
])('a file that is %s stays what it was to whom has it open', async (_, change) => {
  const {first, second, watch} = await watched()
  await change(first)
  expect(await watch.check()).toBeUndefined()
  // The notices of the first come first.
  await overwrite(second)
  expect(await watch.changed).toBe(second)
})

test('what changes after the watch is closed is still told by its check', async () => {
  const {first, watch} = await watched()
  watch.close()
  await truncate(first, 0)
  expect(await watch.check()).toBe(first)
})

test('a watch keeps no process alive', async () => {
  await watched()
  expect(process.getActiveResourcesInfo()).not.toContain('FSEventWrap')
})
