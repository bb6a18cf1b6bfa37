import {lstat, mkdir, readdir, readlink, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {linkOwnPackage} from '../../src/plugins/own-package-link.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** Where plugins are installed, and what is in it by the name of vmrun. */
async function installed(): Promise<{
  readonly directory: string
  readonly modules: string
  readonly link: string
}> {
  const directory = await temporaryDirectory()
  const modules = path.join(directory, 'node_modules')
  await mkdir(modules)
  return {directory, modules, link: path.join(modules, 'vmrun')}
}

test('plugins find this vmrun by a link beside them', async () => {
  const {directory, modules, link} = await installed()
  await linkOwnPackage(directory, '/opt/vmrun')
  expect(await readlink(link)).toBe('/opt/vmrun')
  expect(await readdir(modules)).toEqual(['vmrun'])
})

test('a link that is right is left as it is', async () => {
  const {directory, link} = await installed()
  await linkOwnPackage(directory, '/opt/vmrun')
  const before = await lstat(link)
  await linkOwnPackage(directory, '/opt/vmrun')
  expect((await lstat(link)).ino).toBe(before.ino)
})

test('a link to another vmrun, or to none any more, is put right', async () => {
  const {directory, modules, link} = await installed()
  await symlink('/proc/nonexistent/vmrun', link)
  await linkOwnPackage(directory, '/opt/vmrun')
  expect(await readlink(link)).toBe('/opt/vmrun')
  expect(await readdir(modules)).toEqual(['vmrun'])
})

test('a vmrun that somebody has installed there stays', async () => {
  const {directory, modules, link} = await installed()
  await mkdir(link)
  await writeFile(path.join(link, 'package.json'), '{}')
  await linkOwnPackage(directory, '/opt/vmrun')
  expect(await readdir(link)).toEqual(['package.json'])
  expect(await readdir(modules)).toEqual(['vmrun'])
})

test('where no plugin is installed, nothing is made', async () => {
  const directory = await temporaryDirectory()
  await linkOwnPackage(directory, '/opt/vmrun')
  expect(await readdir(directory)).toEqual([])
})

test.each([
  ['is a file', (modules: string) => writeFile(modules, '')],
  // Not even root can write to this one.
  ['cannot be written to', (modules: string) => symlink('/proc/self', modules)],
])('where the directory %s, nothing fails', async (_, make) => {
  const directory = await temporaryDirectory()
  const modules = path.join(directory, 'node_modules')
  await make(modules)
  await linkOwnPackage(directory, '/opt/vmrun')
  expect(await readdir(directory)).toEqual(['node_modules'])
})

test('of many that make it at once, all have it, and nothing else is left', async () => {
  const {directory, modules, link} = await installed()
  const looked = Array.from({length: 20}, async () => {
    await linkOwnPackage(directory, '/opt/vmrun')
    return await readlink(link)
  })
  expect(new Set(await Promise.all(looked))).toEqual(new Set(['/opt/vmrun']))
  expect(await readdir(modules)).toEqual(['vmrun'])
})
