import {writeFile} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import type {Problem} from '../../src/instances/problem.js'
import {validateFiles} from '../../src/validation/validate-files.js'
import {ownRegistry} from '../plugins/sample-plugins.js'
import {releases} from '../releases.js'
import {writtenEntry, writtenInstances} from './written-instances.js'

/** What is wrong with some files, and with what they ask of this host. */
async function validated(...files: readonly string[]): Promise<readonly Problem[]> {
  const validation = await validateFiles(files, ownRegistry, {hostChecks: true, strict: false})
  return validation.files.flatMap(({problems}) => problems)
}

test('a file that holds, on a host that has it all, has no problems', async () => {
  const other = {name: 'vm-2', arch: 'aarch64', 'root-disk': '1G', 'config-disk': 'cdrom'}
  expect(await validated((await writtenInstances({}, other)).file)).toEqual([])
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

test('several files are checked, each for itself and once, and called by its first name', async () => {
  const [good, bad] = [await writtenInstances({}), await writtenInstances({arch: 'vax'})]
  const again = `${dirname(bad.file)}/./${basename(bad.file)}`
  const problems = await validated(good.file, bad.file, '/proc/nonexistent.json', again)
  expect(problems.map(({file}) => file)).toEqual([bad.file, '/proc/nonexistent.json'])
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
