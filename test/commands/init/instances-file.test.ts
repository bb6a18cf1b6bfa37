import {execFileSync} from 'node:child_process'
import {mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {z} from 'zod'
import type {AnswerRequest} from '../../../src/commands/init/answers.js'
import {initInstancesFile} from '../../../src/commands/init/instances-file.js'
import {Registry} from '../../../src/plugins/registry.js'
import {validateFiles} from '../../../src/validation/validate-files.js'
import {loadedPlugin, ownPlugin, ownRegistry} from '../../plugins/sample-plugins.js'
import {releases} from '../../releases.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** Asks for an instances file in a directory with `base.qcow2`, which nobody is there to be asked about. */
async function requested(): Promise<AnswerRequest & {readonly directory: string}> {
  const directory = await temporaryDirectory()
  const image = path.join(directory, 'base.qcow2')
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', image, '1M'])
  return {
    directory,
    file: path.join(directory, 'instances.json'),
    given: {name: undefined, image, arch: 'x86_64', 'timeout-seconds': undefined},
    registry: ownRegistry,
    hostChecks: true,
    ask: undefined,
  }
}

test('the file, with nothing beside it, holds one instance that says what was answered, and validates', async () => {
  const request = await requested()
  const written = await initInstancesFile(request)
  expect(await readFile(request.file, 'utf8')).toBe(`[
  {
    "name": "vm-1",
    "image": ${JSON.stringify(request.given.image)},
    "arch": "x86_64",
    "timeout-seconds": 3600,
    "config": {}
  }
]
`)
  expect(written.file).toBe(request.file)
  expect(await readdir(request.directory)).toEqual(['base.qcow2', 'instances.json'])
  expect(JSON.parse(await readFile(request.file, 'utf8'))).toEqual([written.instance])
  const {files, outcome} = await validateFiles([request.file], ownRegistry, {hostChecks: true, strict: true})
  expect(files.map(({problems}) => problems)).toEqual([[]])
  expect(outcome).toBe('clean')
})

test.each<[string, (file: string) => Promise<unknown>]>([
  ['a file', file => writeFile(file, '[]')],
  ['a link to nowhere', file => symlink('nowhere', file)],
  ['a directory', file => mkdir(file)],
])('%s of that name is refused before anything is asked', async (_, make) => {
  const request = await requested()
  await make(request.file)
  const asked: string[] = []
  const writing = initInstancesFile({
    ...request,
    given: {...request.given, name: undefined},
    ask: async ({key}) => {
      asked.push(key)
      return 'vm-2'
    },
  })
  await expect(writing).rejects.toMatchObject({
    name: 'UsageError',
    message: `${request.file} exists already`,
    hint: expect.stringContaining('--file'),
  })
  expect(asked).toEqual([])
})

test('a file that appears while questions are open is not overwritten', async () => {
  const request = await requested()
  const writing = initInstancesFile({
    ...request,
    ask: async ({default: suggested}) => {
      await writeFile(request.file, 'precious')
      return suggested ?? ''
    },
  })
  await expect(writing).rejects.toMatchObject({name: 'UsageError', message: `${request.file} exists already`})
  expect(await readFile(request.file, 'utf8')).toBe('precious')
  expect(await readdir(request.directory)).toEqual(['base.qcow2', 'instances.json'])
})

test.each([
  ['no/instances.json', 'its directory does not exist'],
  ['base.qcow2/instances.json', 'a part of its path is not a directory'],
])('%s cannot be written, which is told before anything is asked', async (name, why) => {
  const request = await requested()
  const file = path.join(request.directory, name)
  await expect(
    initInstancesFile({...request, file, ask: () => Promise.reject(new Error('asked'))}),
  ).rejects.toMatchObject({name: 'HostError', message: `cannot write ${file}: ${why}`})
})

test('a file that could not be read again is not left behind', async () => {
  const request = await requested()
  const key = {name: 'owner', schema: z.string('must be a name')}
  const registry = new Registry([ownPlugin(), loadedPlugin('vmrun-plugin-owner', {instanceKeys: [key]})])
  await expect(initInstancesFile({...request, registry})).rejects.toMatchObject({
    name: 'UsageError',
    message: 'owner is missing: it must be a name, says vmrun-plugin-owner',
    hint: expect.stringContaining('by hand'),
  })
  expect(await readdir(request.directory)).toEqual(['base.qcow2'])
})

test('an image that this host does not have is taken where the host is not looked at', async () => {
  const request = await requested()
  const given = {...request.given, image: '/proc/nonexistent/base.qcow2'}
  await expect(initInstancesFile({...request, given})).rejects.toThrow('does not exist')
  const {instance} = await initInstancesFile({...request, given, hostChecks: false})
  expect(instance['image']).toBe('/proc/nonexistent/base.qcow2')
})

/** How the image is named in such a file. */
async function named(image: string, file: string): Promise<unknown> {
  const directory = await temporaryDirectory()
  await Promise.all(['sub', 'images'].map(name => mkdir(path.join(directory, name))))
  const request = {...(await requested()), hostChecks: false}
  const place = path.isAbsolute(file) ? file : path.join(path.relative('.', directory), file)
  const given = {...request.given, image: image.replace('HERE', path.relative('.', directory))}
  const written = await initInstancesFile({...request, file: place, given})
  return written.instance['image']
}

test.each([
  ['HERE/images/a.qcow2', 'sub/instances.json', '../images/a.qcow2'],
  ['HERE/images/a.qcow2', 'images/instances.json', 'a.qcow2'],
  ['/images/a.qcow2', 'images/instances.json', '/images/a.qcow2'],
])('the image %s of %s is named relative to that, unless it is absolute', async (image, file, name) => {
  expect(await named(image, file)).toBe(name)
})

test('the image of a file on standard output stays as it was named', async () => {
  const request = {...(await requested()), file: '-', hostChecks: false}
  const image = './b/../a.qcow2'
  const {instance} = await initInstancesFile({...request, given: {...request.given, image}})
  expect(instance['image']).toBe(image)
})

test('the image of a file behind a link is named from where that really is', async () => {
  const {root} = await releases()
  const image = path.relative(process.cwd(), `${root}/releases/images/a.qcow2`)
  expect(await named(image, `${root}/current/new.json`)).toBe('../images/a.qcow2')
})
