import {join} from 'node:path'
import {describe, expect, test, vi} from 'vitest'
import {type ExaminationRequest, examineArchitecture, examineHost} from '../../src/doctor/examine-host.js'
import {checkNames} from '../../src/doctor/finding.js'
import {HostError} from '../../src/errors/errors.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {Registry} from '../../src/plugins/registry.js'
import {confinement} from '../../src/qemu/fence/confine.js'
import {loadedPlugin, ownPlugin, ownRegistry} from '../plugins/sample-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {writtenInstances} from '../validation/written-instances.js'

async function request(options: Partial<ExaminationRequest> = {}): Promise<ExaminationRequest> {
  const directory = await temporaryDirectory()
  return {
    // What a host has for its own guests is tried out by the tests of the command.
    registry: new Registry([
      ownPlugin({architectures: ownRegistry.architectures.map(one => ({...one, hosts: []}))}),
      loadedPlugin('vmrun-plugin-empty', {}),
    ]),
    file: join(directory, 'instances.json'),
    fileIsNamed: false,
    workDir: directory,
    user: undefined,
    overrides: {requireKvm: false, relax: []},
    cacheDirectory: join(directory, 'cache'),
    environment: {VMRUN_STATE_DIR: join(directory, 'state')},
    ...options,
  }
}

test('the findings are in the order of the page, each architecture’s in the order of the registry', async () => {
  const {report} = await examineHost(await request())
  const checks = report.findings.map(({check}) => check)
  expect(checks).toEqual(checks.toSorted((one, other) => checkNames.indexOf(one) - checkNames.indexOf(other)))
  expect(new Set(checks)).toEqual(new Set(checkNames))
  const ofQemu = report.findings.filter(({check}) => check === 'qemu').map(({subject}) => subject)
  expect(ofQemu).toEqual(['x86_64', 'aarch64'])
})

describe('an architecture', () => {
  const accelerate = vi.fn(async () => ({accelerator: 'tcg'}) as const)

  test('without its QEMU: nothing is to be said of what that would do', async () => {
    vi.stubEnv('PATH', '/proc/nonexistent')
    const {findings, program} = await examineArchitecture(x86_64, await confinement(), accelerate)
    const found = findings.filter(finding => finding !== undefined)
    expect(found.map(({check, state}) => [check, state])).toEqual([['qemu', 'missing']])
    expect(program).toBeUndefined()
    expect(accelerate).not.toHaveBeenCalled()
  })

  test('whose QEMU cannot be started: none is', async () => {
    const {findings} = await examineArchitecture(x86_64, undefined, accelerate)
    expect(findings.flatMap(finding => finding?.check ?? [])).toEqual(['qemu', 'accelerator'])
  })
})

test('each instance of the file is looked at, and the largest is held against the memory', async () => {
  const {file} = await writtenInstances({name: 'small'}, {name: 'large', ram: '4096T', image: 'gone.qcow2'})
  const {report} = await examineHost(await request({file, fileIsNamed: true}))
  expect(report.file).toBe(file)
  expect(report.instances.map(({name, state}) => [name, state])).toEqual([
    ['small', 'good'],
    ['large', 'missing'],
  ])
  expect(report.findings.find(({check}) => check === 'memory')).toMatchObject({
    state: 'poor',
    message: expect.stringContaining('large wants 4096T'),
  })
})

test('what is worth mending in the file is told apart from the report', async () => {
  const {file} = await writtenInstances({name: 'twice'}, {name: 'twice'})
  const {report, warnings} = await examineHost(await request({file}))
  expect(report.instances).toHaveLength(1)
  expect(warnings).toHaveLength(1)
})

describe('an instances file that is not there', () => {
  test('is none where nobody named it', async () => {
    const {report} = await examineHost(await request())
    expect(report.file).toBeNull()
    expect(report.instances).toEqual([])
  })

  test('is missing where somebody did', async () => {
    await expect(examineHost(await request({fileIsNamed: true}))).rejects.toThrow(HostError)
  })
})

test('a work directory that cannot be used keeps every instance from running', async () => {
  const {file} = await writtenInstances({name: 'vm-1'})
  const {report} = await examineHost(await request({file, workDir: '/proc/nonexistent'}))
  const problem = {
    message: 'the work directory /proc/nonexistent does not exist',
    ...{check: 'work-directory', subject: '/proc/nonexistent'},
  }
  expect(report.instances).toMatchObject([{state: 'missing', problems: [problem]}])
})

test('instances are looked at as the command line would have them run', async () => {
  const {file} = await writtenInstances({name: 'vm-1', accelerator: 'tcg'})
  const overrides = {requireKvm: true, relax: ['spawn']} as const
  const {report} = await examineHost(await request({file, overrides}))
  expect(report.instances).toMatchObject([
    {state: 'missing', problems: [{message: expect.stringContaining('--require-kvm does not go with')}]},
  ])
  const relaxed = await examineHost(await request({file, overrides: {...overrides, requireKvm: false}}))
  expect(relaxed.report.instances).toMatchObject([
    {state: 'good', message: expect.stringContaining('QEMU may start programs (spawn)')},
  ])
})
