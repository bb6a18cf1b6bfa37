import {describe, expect, test} from 'vitest'
import {UsageError} from '../../src/errors/errors.js'
import {InstancesFileError} from '../../src/instances/problem.js'
import {Registry} from '../../src/plugins/registry.js'
import {openInstance, openInstancesFile} from '../../src/validation/open-instance.js'
import {ownPlugin, ownRegistry} from '../plugins/sample-plugins.js'
import {writtenInstances} from './written-instances.js'

test('an instance comes with its file and what is to be warned of', async () => {
  const {file, image} = await writtenInstances({name: 'vm-1'}, {name: 'vm-1'}, {name: 'vm-2', ram: '2G'})
  const opened = await openInstance(file, 'vm-2', ownRegistry)
  expect(opened.instance).toMatchObject({name: 'vm-2', ram: '2G', image})
  expect(opened.file.path).toBe(file)
  expect(opened.warnings).toEqual([expect.objectContaining({severity: 'warning', instance: 'vm-1'})])
})

test.each([
  ['a name that is not there', {}, '\u001b[2J'],
  ['a file that does not hold', {ram: 1}, 'vm-1'],
])('%s is the user’s error', async (_, entry, name) => {
  const {file} = await writtenInstances(entry)
  await expect(openInstance(file, name, ownRegistry)).rejects.toThrow(UsageError)
})

test('an error anywhere in the file is an error for every instance, and all problems are listed', async () => {
  const {file} = await writtenInstances({name: 'vm-1'}, {name: 'vm-1'}, {name: 'vm-2', ram: 1})
  const error: unknown = await openInstancesFile(file, ownRegistry).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(InstancesFileError)
  expect(error).toMatchObject({
    problems: [
      {severity: 'warning', line: 3},
      {severity: 'error', line: 4},
    ],
    message: expect.stringMatching(
      /:3:9: warning: "vm-1" is .* \[vmrun\/duplicate-name\]\n.*:4:\d+: error: ram must/u,
    ),
  })
})

describe('where a plugin could not be loaded', () => {
  const failed = {name: 'a', version: '1.0.0', isOwn: false, type: 'user', failure: {message: 'boom'}}
  const registry = new Registry([failed, ownPlugin()])

  test('an unknown key is an error of its instance alone, which names the plugin', async () => {
    const {file} = await writtenInstances({name: 'vm-1', region: 'north'}, {name: 'vm-2'})
    await expect(openInstance(file, 'vm-1', registry)).rejects.toThrow(/unknown key "region" \(.* a\)/u)
    const opened = await openInstance(file, 'vm-2', registry)
    expect(opened.instance.name).toBe('vm-2')
    expect(opened.file.instances).toHaveLength(1)
    expect(opened.warnings).toMatchObject([{severity: 'error', instance: 'vm-1', key: 'region'}])
  })

  test('any other error is one for every instance, as ever, and so is an unknown key elsewhere', async () => {
    const {file} = await writtenInstances({name: 'vm-1', region: 'north'}, {name: 'vm-2'})
    await expect(openInstance(file, 'vm-2', ownRegistry)).rejects.toThrow(/unknown key "region"/u)
    const wrong = await writtenInstances({name: 'vm-1', region: 'north', ram: 1}, {name: 'vm-2'})
    await expect(openInstance(wrong.file, 'vm-2', registry)).rejects.toThrow(InstancesFileError)
  })
})

/** A file with instances of these names. */
async function fileOf(...names: readonly string[]): Promise<string> {
  return (await writtenInstances(...names.map(name => ({name})))).file
}

test('an unknown name is an error that lists the names there are and suggests the nearest', async () => {
  const file = await fileOf('linux-small', 'linux-large')
  await expect(openInstance(file, 'linux-larg', ownRegistry)).rejects.toThrow(
    expect.objectContaining({
      message: `no instance linux-larg in ${file}; it has: linux-small, linux-large`,
      hint: 'did you mean linux-large?',
    }),
  )
})

test('of very many names only the first are listed', async () => {
  const file = await fileOf(...Array.from({length: 1000}, (_, index) => `vm-${index}`))
  await expect(openInstance(file, 'x', ownRegistry)).rejects.toThrow(/vm-19 and 980 more$/u)
})
