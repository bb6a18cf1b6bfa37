import {readdir, readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {describeRun, type RunRequest} from '../../src/launch/prepare-run.js'
import {openInstance} from '../../src/validation/open-instance.js'
import {ownRegistry} from '../plugins/sample-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {type WrittenInstances, writtenInstances} from '../validation/written-instances.js'

async function requestFor({file}: WrittenInstances): Promise<RunRequest & {readonly workDir: string}> {
  return {
    opened: await openInstance(file, 'vm-1', ownRegistry),
    registry: ownRegistry,
    workDir: await temporaryDirectory(),
    cacheDirectory: join(await temporaryDirectory(), 'cache'),
    user: undefined,
    environment: {TOKEN: 'secret', VMRUN_STATE_DIR: '/proc/nonexistent/state'},
  }
}

test('the machine gets what the steps before it made', async () => {
  const plans = await describeRun(await requestFor(await writtenInstances({accelerator: 'tcg'})))
  const [command] = plans.find(({name}) => name === 'qemu')?.commands ?? []
  const [mkdir] = plans.find(({name}) => name === 'overlay')?.commands ?? []
  const directory = mkdir?.at(-1)
  expect(command?.some(argument => argument.includes(`"${directory}/overlay.qcow2"`))).toBe(true)
  expect(command?.some(argument => argument.includes(`"${directory}/config-disk.iso"`))).toBe(true)
})

test('it touches nothing on the host', async () => {
  const written = await writtenInstances({accelerator: 'auto'})
  const request = await requestFor(written)
  const before = {image: await readFile(written.image), status: await stat(written.image)}
  await describeRun(request)
  expect(await readdir(request.workDir)).toEqual([])
  expect(await readdir(join(request.cacheDirectory, '..'))).toEqual([])
  expect((await readdir(written.directory)).toSorted((one, other) => one.localeCompare(other))).toEqual([
    'base.qcow2',
    'instances.json',
  ])
  expect(before.image.equals(await readFile(written.image))).toBe(true)
  expect((await stat(written.image)).mtimeMs).toBe(before.status.mtimeMs)
})

test('no secret is in it, and none is needed', async () => {
  const config = {token: '${{ env:TOKEN }}', other: '${{ env:VMRUN_TEST_UNSET }}', plain: 'hunter2'}
  const plans = await describeRun(await requestFor(await writtenInstances({config, accelerator: 'tcg'})))
  expect(JSON.stringify(plans)).not.toMatch(/secret|hunter2/u)
})

test.each<[string, object, Partial<RunRequest>, string]>([
  ['an image that is not there', {image: 'gone.qcow2'}, {}, 'does not exist'],
  ['a root-disk below the image’s size', {'root-disk': '1M'}, {}, 'is smaller than the image'],
  ['an unknown architecture', {arch: 'vax'}, {}, 'arch "vax" is not known'],
  [
    'a work directory that is not there',
    {},
    {workDir: '/proc/nonexistent'},
    'the work directory /proc/nonexistent',
  ],
  ['a date that is none', {}, {environment: {SOURCE_DATE_EPOCH: 'now'}}, 'SOURCE_DATE_EPOCH must be'],
])('%s is told before anything is started', async (_, entry, request, message) => {
  const usual = await requestFor(await writtenInstances({accelerator: 'tcg', ...entry}))
  await expect(describeRun({...usual, ...request})).rejects.toThrow(message)
})
