import {execFileSync} from 'node:child_process'
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Finding} from '../../src/doctor/finding.js'
import {HostError} from '../../src/errors.js'
import type {Instance} from '../../src/instances/instance.js'
import {builtIn} from '../../src/plugins/built-in.js'
import {Registry} from '../../src/plugins/registry.js'
import {examineInstance, type InstanceFinding, type KnownHost} from '../../src/services/examine-instance.js'
import {sampleInstance} from '../pipeline/sample-run.js'
import {freePort, servedPort} from '../ports.js'
import {writtenInstances} from './written-instances.js'

/** A host on which everything runs. */
const host: KnownHost = {
  registry: new Registry([builtIn]),
  findings: [{check: 'user', subject: 'nobody', state: 'poor', text: 'QEMU runs as nobody'}],
  otherUser: false,
  accelerate: async () => ({accelerator: 'tcg'}),
}

/** What is found of an instance whose image is there. */
async function examined(
  instance: Partial<Instance> = {},
  known: Partial<KnownHost> = {},
): Promise<InstanceFinding> {
  const {image} = await writtenInstances()
  return await examineInstance({...sampleInstance, image, ...instance}, {...host, ...known})
}

test.each([
  ['tcg', 'could run, emulated'],
  ['kvm', 'could run, on KVM'],
  ['hvf', 'could run, on HVF'],
] as const)('one that lacks nothing could run, and on what is told: %s', async (accelerator, text) => {
  const accelerate = async () => ({accelerator})
  expect(await examined({}, {accelerate})).toEqual({name: 'vm-1', state: 'good', text, problems: []})
})

describe('one could not run', () => {
  test('whose image is missing', async () => {
    const {image} = await writtenInstances()
    await rm(image)
    expect(await examined({image})).toMatchObject({
      state: 'missing',
      text: 'could not run',
      problems: [{text: expect.stringContaining(image), advice: expect.any(String)}],
    })
  })

  test('whose image reads a file that it does not name, and one that names it could', async () => {
    const {directory, image} = await writtenInstances()
    const layered = join(directory, 'layered.qcow2')
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', image, layered])
    expect((await examined({image: layered})).problems).toHaveLength(1)
    expect((await examined({image: layered, 'backing-files': [image]})).state).toBe('good')
  })

  test('whose root disk is smaller than its image', async () => {
    expect((await examined({'root-disk': '1M'})).problems[0]?.text).toContain('root-disk 1M')
  })

  test('whose architecture is not known', async () => {
    expect((await examined({arch: 's390x'})).problems).toEqual([
      {text: 'arch "s390x" is not known; there is: x86_64, aarch64'},
    ])
  })

  test('whose config disk does not fit its architecture', async () => {
    const {problems} = await examined({arch: 'aarch64', 'config-disk': {kind: 'cdrom', bus: 'ide'}})
    expect(problems).toHaveLength(1)
  })

  test('whose accelerator does not work', async () => {
    const accelerate = async (): Promise<never> => {
      throw new HostError('kvm cannot be used for x86_64: it is broken', {hint: 'mend it'})
    }
    expect((await examined({}, {accelerate})).problems).toEqual([
      {text: 'kvm cannot be used for x86_64: it is broken', advice: 'mend it'},
    ])
  })

  test('whose ssh-port another program has', async () => {
    const port = await servedPort()
    expect((await examined({'ssh-port': port})).problems[0]?.text).toContain(
      `port ${port} of 127.0.0.1 is in use`,
    )
    expect((await examined({'ssh-port': await freePort()})).state).toBe('good')
  })

  test.each(['qemu', 'firmware', 'sandbox'] as const)('without %s for its architecture', async check => {
    const finding: Finding = {
      check,
      subject: 'aarch64',
      state: 'missing',
      text: 'it is gone',
      advice: 'find it',
    }
    expect((await examined({arch: 'aarch64'}, {findings: [finding]})).problems).toEqual([
      {text: 'it is gone', advice: 'find it'},
    ])
    expect((await examined({arch: 'x86_64'}, {findings: [finding]})).state).toBe('good')
  })

  test.each(['qemu-img', 'user', 'no-new-privs', 'work-directory', 'state-directory'] as const)(
    'without %s, whatever its architecture',
    async check => {
      const finding: Finding = {check, subject: 'host', state: 'missing', text: 'it is gone'}
      expect((await examined({}, {findings: [finding]})).problems).toEqual([{text: 'it is gone'}])
    },
  )

  test('for several reasons, which are all told', async () => {
    const {problems} = await examined({
      image: '/nonexistent.qcow2',
      arch: 's390x',
      'ssh-port': await servedPort(),
    })
    expect(problems).toHaveLength(3)
  })
})

test('a bug is no reason', async () => {
  const accelerate = async (): Promise<never> => {
    throw new TypeError('a bug')
  }
  await expect(examined({}, {accelerate})).rejects.toThrow('a bug')
})
