import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {InstancesFileError} from '../../src/instances/problem.js'
import {Registry} from '../../src/plugins/registry.js'
import {openInstancesFile} from '../../src/validation/open-instances-file.js'
import {ownPlugin, ownRegistry} from '../plugins/sample-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'

const entry = (name: string): string => JSON.stringify({name, image: 'i', 'timeout-seconds': 5, config: {}})

async function written(text: string): Promise<string> {
  const path = join(await temporaryDirectory(), 'instances.json')
  await writeFile(path, text)
  return path
}

test('a file that holds is opened, its warnings kept', async () => {
  const file = await openInstancesFile(await written(`[${entry('vm-1')},${entry('vm-1')}]`), ownRegistry)
  expect(file.instances.map(({name}) => name)).toEqual(['vm-1'])
  expect(file.problems).toMatchObject([{severity: 'warning'}])
})

test('an error anywhere in the file is an error for every instance, and all problems are listed', async () => {
  const path = await written(`[${entry('vm-1')},\n${entry('vm-1')},\n 7]`)
  const error: unknown = await openInstancesFile(path, ownRegistry).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(InstancesFileError)
  expect(error).toMatchObject({
    problems: [
      {severity: 'warning', line: 2},
      {severity: 'error', line: 3},
    ],
    message: [
      `${path}:2:9: warning: "vm-1" is listed twice with the same content, first at line 1, column 10 (remove one of the two) [vmrun/duplicate-name]`,
      `${path}:3:2: error: an instance must be an object, not a number [vmrun/not-instances]`,
    ].join('\n'),
  })
})

describe('where a plugin could not be loaded', () => {
  const failed = {name: 'a', version: '1.0.0', isOwn: false, type: 'user', failure: {message: 'boom'}}
  const registry = new Registry([failed, ownPlugin()])
  const doubtful = entry('vm-2').replace('{', '{"region": "north", ')

  test('an unknown key is an error of its instance alone, which is left out and names the plugin', async () => {
    const file = await openInstancesFile(await written(`[${entry('vm-1')}, ${doubtful}]`), registry)
    expect(file.instances.map(({name}) => name)).toEqual(['vm-1'])
    expect(file.problems).toMatchObject([
      {
        severity: 'error',
        instance: 'vm-2',
        key: 'region',
        hint: expect.stringMatching(/ a$/u),
      },
    ])
  })

  test('any other error is one for every instance, as ever', async () => {
    const path = await written(`[${entry('vm-1')}, ${doubtful.replace(':5', ':0')}]`)
    await expect(openInstancesFile(path, registry)).rejects.toThrow(InstancesFileError)
  })

  test('everywhere else an unknown key is one too', async () => {
    const path = await written(`[${entry('vm-1')}, ${doubtful}]`)
    await expect(openInstancesFile(path, ownRegistry)).rejects.toThrow(/unknown key "region"/u)
  })
})
