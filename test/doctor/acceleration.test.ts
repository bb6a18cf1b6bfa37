import {readdir, readFile} from 'node:fs/promises'
import {machine as hostMachine} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type Accelerate, accelerations, examineAcceleration} from '../../src/doctor/acceleration.js'
import {HostError} from '../../src/errors/errors.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {ProbeCache} from '../../src/qemu/accelerator/probe-cache.js'
import {writeProgram} from '../executables.js'
import {kvmCanBeOpened} from '../qemu/accelerator/kvm.js'
import {temporaryDirectory} from '../temporary-directory.js'

const own = {...x86_64, hosts: [hostMachine()]}
const foreign = {...x86_64, hosts: []}

interface Measured {
  readonly accelerate: Accelerate
  readonly program: string
  /** A line for each time that the program was started. */
  readonly starts: () => Promise<readonly string[]>
  readonly workDirectory: string
}

/** A QEMU whose KVM does not work, for a reason that nobody may remember. @param named the work directory; null: none */
async function measured(named?: string | null): Promise<Measured> {
  const directory = await temporaryDirectory()
  const workDirectory = named ?? (await temporaryDirectory())
  const log = join(directory, 'log')
  const program = await writeProgram(directory, 'qemu', `echo "$0" >>'${log}'; echo odd >&2; exit 1`)
  const confine = (command: readonly [string, ...string[]]): readonly [string, ...string[]] => command
  const cache = new ProbeCache(join(directory, 'cache'))
  const used = named === null ? undefined : workDirectory
  const accelerate = await accelerations(cache, {user: undefined, confine}, used)
  const starts = async (): Promise<readonly string[]> => {
    const text = await readFile(log, 'utf8').catch(() => '')
    return text.split('\n').slice(0, -1)
  }
  return {accelerate, program, starts, workDirectory}
}

test('emulation needs no measurement', async () => {
  const {accelerate, program, starts} = await measured()
  expect(await accelerate(own, program, 'tcg')).toEqual({accelerator: 'tcg'})
  expect(await starts()).toEqual([])
})

describe.runIf(kvmCanBeOpened())('where KVM can be opened', () => {
  test('what is asked again is not measured again, and nothing is left in the work directory', async () => {
    const {accelerate, program, starts, workDirectory} = await measured()
    const first = await accelerate(own, program, 'auto')
    expect(first).toMatchObject({accelerator: 'tcg', reason: 'KVM does not work here (odd)'})
    expect(await accelerate(own, program, 'auto')).toBe(first)
    expect(await starts()).toHaveLength(1)
    expect(await readdir(workDirectory)).toEqual([])
  })

  test('what cannot be used although it is asked for is an error, each time', async () => {
    const {accelerate, program, starts} = await measured()
    await expect(accelerate(own, program, 'kvm')).rejects.toThrow(HostError)
    await expect(accelerate(own, program, 'kvm')).rejects.toThrow(HostError)
    expect(await starts()).toHaveLength(1)
  })

  test('a work directory that is gone meanwhile is an error', async () => {
    const {accelerate, program} = await measured('/proc/nonexistent')
    await expect(accelerate(own, program, 'auto')).rejects.toThrow(
      'cannot make a file in the work directory /proc/nonexistent: ENOENT',
    )
  })

  test('without a work directory nothing is measured', async () => {
    const {accelerate, program, starts} = await measured(null)
    expect(await accelerate(own, program, 'auto')).toEqual({accelerator: 'kvm', unmeasured: true})
    expect(await starts()).toEqual([])
  })
})

describe('the finding', () => {
  const reason = 'KVM does not work here (KVM internal error. Suberror: 1)'
  const emulated = 'emulated: slower, and no security boundary.'
  const hint = expect.stringContaining('--require-kvm')

  const emulation = {accelerator: 'tcg', reason, milliseconds: 41} as const
  test.each([
    ['KVM works, measured in 18 ms', {accelerator: 'kvm', milliseconds: 18}, {state: 'good'}],
    ['HVF works', {accelerator: 'hvf'}, {state: 'good'}],
    [
      'KVM, but whether it works could not be measured',
      {accelerator: 'kvm', unmeasured: true},
      {state: 'poor'},
    ],
    [`${emulated} ${reason}, measured in 41 ms`, emulation, {state: 'poor', hint}],
  ] as const)('says: %s', async (message, acceleration, found) => {
    const {unmeasured: _, reason: __, ...figures} = {unmeasured: false, reason: '', ...acceleration}
    expect(await examineAcceleration(own, '/qemu', async () => acceleration)).toEqual({
      ...{check: 'accelerator', subject: 'x86_64', message},
      ...figures,
      ...found,
    })
  })

  test('against emulation of a foreign architecture nothing can be done', async () => {
    const acceleration = {accelerator: 'tcg', reason: 'this host is riscv64'} as const
    const finding = await examineAcceleration(foreign, '/qemu', async () => acceleration)
    expect(finding).toMatchObject({state: 'poor', message: `${emulated} This host is riscv64`})
    expect(finding).not.toHaveProperty('hint')
  })

  test('an accelerator that cannot be tried is a finding like any other', async () => {
    const failed = () => Promise.reject(new HostError('no space left', {hint: 'free some'}))
    expect(await examineAcceleration(own, '/qemu', failed)).toEqual({
      ...{check: 'accelerator', subject: 'x86_64', state: 'missing'},
      ...{message: 'no space left', hint: 'free some'},
    })
  })
})
