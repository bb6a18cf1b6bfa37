import {stat, truncate} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {InstancesFileError} from '../../src/instances/problem.js'
import {listInstances} from '../../src/validation/open-instance.js'
import {ownRegistry} from '../plugins/sample-plugins.js'
import {writtenInstances} from './written-instances.js'

test('each instance is listed, with its defaults and the state of its image, in the order of the file', async () => {
  const {file, image, directory} = await writtenInstances(
    {name: 'b', ram: '2G', 'ssh-port': 2222},
    {name: 'a', image: 'gone.qcow2'},
    {name: 'c', image: 'instances.json'},
  )
  const {size: fileSize} = await stat(image)
  const common = {'timeout-seconds': 60, arch: 'x86_64', 'cpu-cores': 1, 'config-disk': {kind: 'cdrom'}}
  const reason = expect.stringContaining(`the image ${file} is not qcow2 but JSON`)
  const {instances} = await listInstances(file, ownRegistry)
  expect(instances).toMatchObject([
    {
      ...{...common, name: 'b', ram: '2G', 'ssh-port': 2222, image},
      imageState: {state: 'qcow2', virtualSize: 1024 ** 3, fileSize},
    },
    {...common, name: 'a', image: join(directory, 'gone.qcow2'), imageState: {state: 'missing'}},
    {...common, name: 'c', image: file, imageState: {state: 'unusable', reason}},
  ])
})

test('a config is never listed', async () => {
  const {file} = await writtenInstances({config: {token: 'secret'}})
  const listed = await listInstances(file, ownRegistry)
  expect(listed.instances).toHaveLength(1)
  expect(JSON.stringify(listed)).not.toContain('secret')
})

test('a file that does not hold is an error with every problem', async () => {
  const {file} = await writtenInstances({ram: 1}, {name: 'b', 'timeout-seconds': 0})
  const error = await listInstances(file, ownRegistry).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(InstancesFileError)
  expect(error).toMatchObject({problems: [{key: 'ram'}, {key: 'timeout-seconds'}]})
})

test('what is worth mending in a file that holds comes with its instances', async () => {
  const {file} = await writtenInstances({}, {})
  expect(await listInstances(file, ownRegistry)).toMatchObject({
    instances: [{name: 'vm-1'}],
    warnings: [{severity: 'warning', file, instance: 'vm-1'}],
  })
})

test('whether all of an image is there is not looked at', async () => {
  const {file, image} = await writtenInstances({})
  await truncate(image, 65_536)
  expect(await listInstances(file, ownRegistry)).toMatchObject({
    instances: [{imageState: {state: 'qcow2', virtualSize: 1024 ** 3, fileSize: 65_536}}],
  })
})
