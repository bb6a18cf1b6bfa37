import {mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {firstImage} from '../../../src/commands/init/first-image.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** What is offered beside a file in a directory with these files; the path, as it is seen from there. */
async function offered(...names: readonly string[]): Promise<string | undefined> {
  const directory = await temporaryDirectory()
  await Promise.all(names.map(name => writeFile(path.join(directory, name), '')))
  const image = await firstImage(path.join(directory, 'instances.json'))
  return image && path.relative(directory, image)
}

test('the first image by name is offered', async () => {
  expect(await offered('b.qcow2', 'a.txt', 'c.qcow2', 'a.qcow2.bak')).toBe('b.qcow2')
})

test('where there is no image nothing is offered', async () => {
  expect(await offered('a.iso')).toBeUndefined()
})

test.each(['\u001b[2J.qcow2', 'a\nb.qcow2', ' a.qcow2', '\u202Ea.qcow2'])(
  'a name that could act on a terminal, or could not be typed, is not offered: %j',
  async name => {
    expect(await offered(name)).toBeUndefined()
    expect(await offered(name, 'z.qcow2')).toBe('z.qcow2')
  },
)

test('a link to an image is offered, and a directory is not', async () => {
  const directory = await temporaryDirectory()
  await mkdir(path.join(directory, 'a.qcow2'))
  await symlink('elsewhere/image', path.join(directory, 'b.qcow2'))
  expect(await firstImage(path.join(directory, 'instances.json'))).toMatch(/\/b\.qcow2$/u)
})

test('its path is relative to the working directory', async () => {
  const directory = await temporaryDirectory()
  await writeFile(path.join(directory, 'a.qcow2'), '')
  expect(await firstImage(path.join(directory, 'instances.json'))).toBe(
    path.relative(process.cwd(), path.join(directory, 'a.qcow2')),
  )
})
