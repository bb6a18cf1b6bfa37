import {execFileSync} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import type {Problem} from '../../src/instances/problem.js'
import {formatProblem} from '../../src/instances/problem.js'
import {validateFiles} from '../../src/validation/validate-files.js'
import {ownRegistry} from '../plugins/sample-plugins.js'
import {releases} from '../releases.js'
import {type WrittenInstances, writtenEntry, writtenInstances} from './written-instances.js'

/** What is wrong with a file, one problem a line, without the names of its directory. */
async function problemsOf({file, directory}: WrittenInstances): Promise<readonly string[]> {
  const problems = await validated(file)
  return problems.map(problem => formatProblem(problem).replaceAll(`${directory}/`, ''))
}

/** What is wrong with some files, and with what they ask of this host. */
async function validated(...files: readonly string[]): Promise<readonly Problem[]> {
  const validation = await validateFiles(files, ownRegistry, {hostChecks: true, strict: false})
  return validation.files.flatMap(({problems}) => problems)
}

test('a file that holds, on a host that has it all, has no problems', async () => {
  expect(
    await problemsOf(
      await writtenInstances({}, {name: 'vm-2', arch: 'aarch64', 'root-disk': '1G', 'config-disk': 'cdrom'}),
    ),
  ).toEqual([])
})

test.each<[string, object, string]>([
  [
    'an image that is not there',
    {'root-disk': '1M', image: 'gone.qcow2'},
    'the image gone.qcow2 does not exist (The path of an image is relative to the instances file, or to the working directory where that is standard input.) [vmrun/missing-image]',
  ],
  [
    'an image that is not qcow2',
    {image: 'instances.json'},
    'the image instances.json is not qcow2 but JSON, as a server sends it instead of a file ' +
      '(Look at it, and download the image again from where it really is.) [vmrun/unusable-image]',
  ],
  [
    'a root-disk smaller than the image',
    {'root-disk': '512M'},
    'root-disk 512M (536870912 bytes) is smaller than the image base.qcow2 (1073741824 bytes) ' +
      '(Give root-disk at least the size of the image, or leave it out to get just that size.) [vmrun/small-root-disk]',
  ],
])('%s is told with the place of the value', async (_, entry, message) => {
  const written = await writtenInstances({name: 'vm-0'}, entry)
  const key = Object.keys(entry).at(-1)
  const line = writtenEntry(entry)
  const column = line.indexOf(`"${key}":`) + `"${key}":`.length + 1
  expect(await problemsOf(written)).toEqual([`instances.json:3:${column}: error: ${message}`])
})

test.each([
  ['/etc/hostname', 'reads another file of the host, which "backing-files" does not allow: its backing file'],
  ['base.qcow2', undefined],
])('an image may read the files that its instance allows, and no other: %s', async (backing, what) => {
  const written = await writtenInstances({image: 'pointing.qcow2', 'backing-files': ['base.qcow2']})
  const image = join(written.directory, 'pointing.qcow2')
  const format = what === undefined ? 'qcow2' : 'raw'
  execFileSync('qemu-img', ['create', '-q', '-u', '-f', 'qcow2', '-F', format, '-b', backing, image, '1M'])
  expect(await problemsOf(written)).toEqual(what === undefined ? [] : [expect.stringContaining(what)])
})

test('a file of backing-files that is not there is a problem at its own place', async () => {
  const written = await writtenInstances({'backing-files': ['base.qcow2', 'gone.raw']})
  const [problem] = await validated(written.file)
  expect(problem).toMatchObject({
    key: 'backing-files[1]',
    line: 2,
    message: `the image ${join(written.directory, 'gone.raw')} does not exist`,
  })
  expect(problem?.column).toBe(
    writtenEntry({'backing-files': ['base.qcow2', 'gone.raw']}).indexOf('"gone') + 1,
  )
})

test('every problem is told, in the order of the file', async () => {
  const written = await writtenInstances(
    {name: 'a', arch: 'vax', image: 'gone.qcow2'},
    {name: 'b', 'timeout-seconds': 0},
    {name: 'c', 'root-disk': '1M', 'config-disk': {kind: 'cdrom', bus: 'usb'}},
  )
  const problems = await validated(written.file)
  expect(problems.map(({line, instance, key}) => `${line} ${instance} ${key}`)).toEqual([
    ...['2 a image', '2 a arch', '3 b timeout-seconds', '4 c root-disk', '4 c config-disk'],
  ])
})

test('several files are checked, each for itself', async () => {
  const [good, bad] = [await writtenInstances({}), await writtenInstances({arch: 'vax'})]
  const problems = await validated(good.file, bad.file, '/proc/nonexistent.json')
  expect(problems.map(({file}) => file)).toEqual([bad.file, '/proc/nonexistent.json'])
})

test('a file that is named twice is checked once, and called by its first name', async () => {
  const {file} = await writtenInstances({arch: 'vax'})
  const problems = await validated(file, `${dirname(file)}/./${basename(file)}`)
  expect(problems.map(problem => problem.file)).toEqual([file])
})

test('a file is the same by any link to its directory, and another one where the kernel goes elsewhere', async () => {
  const {root} = await releases()
  await writeFile(`${root}/instances.json`, '[]')
  await writeFile(`${root}/releases/instances.json`, '[]')
  const names = ['current/../instances.json', 'releases/instances.json', 'instances.json']
  const problems = await validated(...names.map(name => `${root}/${name}`))
  expect(problems.map(({file}) => file.replace(`${root}/`, ''))).toEqual([names[0], names[2]])
})

test('two equal entries are a warning, and their problems are told once', async () => {
  const problems = await validated((await writtenInstances({arch: 'vax'}, {arch: 'vax'})).file)
  expect(problems.map(({severity}) => severity).toSorted((one, other) => one.localeCompare(other))).toEqual([
    'error',
    'warning',
  ])
})

test('nothing in a problem can act on a terminal', async () => {
  const written = await writtenInstances({image: '\u001b]0;title\u0007.qcow2'})
  const [problem] = await problemsOf(written)
  expect(problem).toContain(String.raw`\u001b]0;title\u0007.qcow2 does not exist`)
  expect(problem).not.toMatch(/\p{Cc}/u)
})

test('two instances with one ssh-port are a warning: they may be run one after the other', async () => {
  const written = await writtenInstances(
    {name: 'a', 'ssh-port': 22},
    {name: 'b', 'ssh-port': 23, ram: 5},
    {name: 'c', 'ssh-port': 22},
  )
  expect(
    (await validated(written.file)).map(({line, severity, rule}) => `${line} ${severity} ${rule}`),
  ).toEqual(['3 error vmrun/invalid-value', '4 warning vmrun/shared-ssh-port'])
})
