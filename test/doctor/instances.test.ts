import {execFileSync} from 'node:child_process'
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Instance} from '../../src/contract/instance.js'
import type {Finding} from '../../src/doctor/finding.js'
import {examineInstance, type InstanceFinding, type KnownHost} from '../../src/doctor/instances.js'
import {HostError, UsageError} from '../../src/errors/errors.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {writeProgram} from '../executables.js'
import {freePort, servedPort} from '../ports.js'
import {sampleInstance} from '../run/sample-run.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {writtenInstances} from '../validation/written-instances.js'

/** A host on which everything runs. */
const host: KnownHost = {
  findings: [{check: 'user', subject: 'nobody', state: 'poor', message: 'QEMU runs as nobody'}],
  guests: [x86_64, aarch64].map(architecture => ({architecture, program: '/bin/true', findings: []})),
  user: undefined,
  confine: command => command,
  accelerate: async () => ({accelerator: 'tcg'}),
  asRun: async instance => instance,
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
  ['tcg', 'could run, emulated by TCG'],
  ['kvm', 'could run, on KVM'],
  ['hvf', 'could run, on HVF'],
] as const)('one that lacks nothing could run, and on what is told: %s', async (accelerator, message) => {
  const accelerate = async () => ({accelerator})
  expect(await examined({}, {accelerate})).toEqual({
    ...{name: 'vm-1', state: 'good', message, accelerator},
    problems: [],
  })
})

describe('one could not run', () => {
  test('whose image is missing', async () => {
    const {image} = await writtenInstances()
    await rm(image)
    expect(await examined({image})).toMatchObject({
      state: 'missing',
      message: 'could not run',
      problems: [{message: expect.stringContaining(image), hint: expect.any(String)}],
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
    expect((await examined({'root-disk': '1M'})).problems[0]?.message).toContain('root-disk 1M')
  })

  test.each([
    [
      'that the command would refuse',
      'asRun',
      new UsageError('arch "s390x" is not known', {hint: 'try x86_64'}),
    ],
    ['whose accelerator does not work', 'accelerate', new HostError('kvm is broken', {hint: 'mend it'})],
  ] as const)('%s', async (_, check, error) => {
    const {message, hint} = error
    expect((await examined({}, {[check]: () => Promise.reject(error)})).problems).toEqual([{message, hint}])
  })

  test('for a reason that is known of the host, which is then named', async () => {
    const look = {check: 'accelerator', subject: 'x86_64'} as const
    const known = {...look, message: 'no space left', hint: 'free some'}
    const accelerate = () => Promise.reject(new HostError(known.message, {hint: known.hint}))
    const findings = [{...known, state: 'missing'}] as const
    expect((await examined({}, {accelerate, findings})).problems).toEqual([known])
    expect((await examined({accelerator: 'tcg'}, {findings})).state).toBe('good')
  })

  test('whose ssh-port another program has', async () => {
    const port = await servedPort()
    expect((await examined({'ssh-port': port})).problems[0]?.message).toContain(
      `port ${port} of 127.0.0.1 is in use`,
    )
    expect((await examined({'ssh-port': await freePort()})).state).toBe('good')
  })

  test.each(['qemu', 'firmware', 'sandbox'] as const)('without %s for its architecture', async check => {
    const problem = {check, subject: 'aarch64', message: 'it is gone', hint: 'find it'}
    const findings: readonly Finding[] = [{...problem, state: 'missing'}]
    expect((await examined({arch: 'aarch64'}, {findings})).problems).toEqual([problem])
    expect((await examined({arch: 'x86_64'}, {findings})).state).toBe('good')
  })

  test.each(['user', 'no-new-privs', 'work-directory', 'state-directory'] as const)(
    'without %s, whatever its architecture',
    async check => {
      const problem = {check, subject: 'host', message: 'it is gone'}
      const findings: readonly Finding[] = [{...problem, state: 'missing'}]
      expect((await examined({}, {findings})).problems).toEqual([problem])
    },
  )

  test('for several reasons, which are all told', async () => {
    const asRun = () => Promise.reject(new UsageError('it is refused'))
    const instance = {image: '/proc/nonexistent.qcow2', 'ssh-port': await servedPort()}
    expect((await examined(instance, {asRun})).problems).toHaveLength(3)
  })
})

describe('one that relaxes a protection', () => {
  const look = {subject: 'x86_64', message: 'sudo is not setuid'} as const
  const findings = [
    {...look, check: 'sandbox', state: 'missing'},
    {...look, check: 'no-new-privs', state: 'missing'},
  ] as const
  const relax = ['no-new-privs'] as const

  test('could run where QEMU starts without it', async () => {
    expect((await examined({}, {findings})).state).toBe('missing')
    expect((await examined({relax}, {findings})).state).toBe('good')
  })

  test('could not where QEMU does not start all the same', async () => {
    const script = 'echo "no such filter" >&2; exit 1'
    const program = await writeProgram(await temporaryDirectory(), 'qemu', script)
    const guests = [{architecture: x86_64, program, findings: []}]
    expect((await examined({relax}, {findings, guests})).problems).toEqual([
      {message: 'QEMU does not start as it should: no such filter'},
    ])
  })
})

test('a bug is no reason', async () => {
  const bug = new TypeError('a bug')
  await expect(examined({}, {accelerate: () => Promise.reject(bug)})).rejects.toBe(bug)
})
