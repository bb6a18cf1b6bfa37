import {accessSync, constants} from 'node:fs'
import {readFile, stat} from 'node:fs/promises'
import {machine as hostMachine} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Architecture} from '../../../src/contract/architecture.js'
import {HostError} from '../../../src/errors/errors.js'
import {openUnnamed} from '../../../src/host/work-directory.js'
import {aarch64} from '../../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {
  type AccelerationOptions,
  acceleratorName,
  chooseAccelerator,
  runsHow,
} from '../../../src/qemu/accelerator/choose.js'
import {ProbeCache} from '../../../src/qemu/accelerator/probe-cache.js'
import {findProgram} from '../../../src/qemu/programs/find-program.js'
import {writeProgram} from '../../executables.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const isForeign = ({hosts}: Architecture): boolean => !hosts.includes(hostMachine())
const foreign = isForeign(x86_64) ? x86_64 : aarch64
const own = [x86_64, aarch64].find(architecture => !isForeign(architecture))

async function options(
  asked: AccelerationOptions['asked'],
  architecture: Architecture,
): Promise<AccelerationOptions> {
  const directory = await temporaryDirectory()
  return {
    asked,
    architecture,
    program: await findProgram(architecture.program, architecture.packages),
    cache: new ProbeCache(join(directory, 'cache')),
    probing: {
      confine: command => command,
      makeFile: async () => await openUnnamed(directory, join(directory, 'draft')),
      signal: new AbortController().signal,
    },
  }
}

test.each([x86_64, aarch64])(
  'TCG is taken when it is asked for, without a reason to give: $name',
  async architecture => {
    expect(await chooseAccelerator(await options('tcg', architecture))).toEqual({accelerator: 'tcg'})
  },
)

test('a guest of a foreign architecture is emulated, and the reason is given', async () => {
  expect(await chooseAccelerator(await options('auto', foreign))).toEqual({
    accelerator: 'tcg',
    reason: `this host is ${hostMachine()}`,
  })
})

test.runIf(process.platform === 'linux').each([
  ['kvm', `kvm cannot be used for ${foreign.name}: this host is ${hostMachine()}`],
  ['hvf', `hvf cannot be used for ${foreign.name}: this host's accelerator is kvm`],
] as const)(
  '%s, asked for where it cannot be used, is an error that says what to do without it',
  async (asked, message) => {
    const error = await chooseAccelerator(await options(asked, foreign)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HostError)
    expect(error).toMatchObject({message, hint: expect.stringContaining('fall back to TCG')})
  },
)

function kvmCanBeOpened(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

describe.runIf(own !== undefined && process.platform === 'linux' && kvmCanBeOpened())(
  'where KVM can be opened',
  () => {
    const architecture = own ?? x86_64

    test('one that is known to be unsound is an error where it was asked for', async () => {
      const given = await options('kvm', architecture)
      await given.cache.remember(
        {program: given.program, accelerator: 'kvm'},
        {sound: false, reason: 'KVM internal error', certain: true, milliseconds: 41},
      )
      await expect(chooseAccelerator(given)).rejects.toThrow(
        `kvm cannot be used for ${architecture.name}: KVM does not work here (KVM internal error)`,
      )
    })

    test('what was measured for one temporary user is known of the next, who has the same rights', async () => {
      const {probing: _, ...given} = await options('auto', architecture)
      const measured = {sound: true, milliseconds: 18} as const
      await given.cache.remember({program: given.program, accelerator: 'kvm', user: 'temporary'}, measured)
      // One who may use the device, whatever its mode.
      const user = {name: 'a', uid: (await stat('/dev/kvm')).uid, gid: 61_999, groups: []}
      expect(await chooseAccelerator({...given, user: {...user, isTemporary: true}})).toMatchObject({
        milliseconds: 18,
      })
      expect(await chooseAccelerator({...given, user})).toMatchObject({unmeasured: true})
    })

    const found = architecture.probe?.exitCode
    test.each([
      ['sound', `exit ${found}`, {accelerator: 'kvm'}],
      [
        'unsound',
        'echo "KVM internal error. Suberror: 1" >&2; exit 1',
        {accelerator: 'tcg', reason: 'KVM does not work here (KVM internal error. Suberror: 1)'},
      ],
    ])(
      'it is measured, and that it is %s is known afterwards without measuring',
      async (_, ending, acceleration) => {
        const directory = await temporaryDirectory()
        const measurements = join(directory, 'measurements')
        const program = await writeProgram(directory, 'qemu', `echo once >>'${measurements}'\n${ending}`)
        const given = {...(await options('auto', architecture)), program}
        const measured = await chooseAccelerator(given)
        expect(measured).toEqual({...acceleration, milliseconds: expect.any(Number)})
        expect(await chooseAccelerator(given)).toEqual(measured)
        expect(await readFile(measurements, 'utf8')).toBe('once\n')
      },
    )

    test('without leave to measure it is believed, and that is said; so is what cannot be measured', async () => {
      const {probing: _, ...given} = await options('auto', architecture)
      expect(await chooseAccelerator(given)).toEqual({accelerator: 'kvm', unmeasured: true})
      const {probe: __, ...unmeasurable} = architecture
      const certain = await options('auto', unmeasurable)
      expect(await chooseAccelerator(certain)).toEqual({accelerator: 'kvm'})
    })

    test('a measurement that its time ran out for is not remembered', async () => {
      const program = await writeProgram(await temporaryDirectory(), 'qemu', 'exec sleep 1000')
      const given = {...(await options('auto', architecture)), program}
      expect(await chooseAccelerator(given)).toEqual({
        accelerator: 'tcg',
        reason: 'KVM does not work here (it hangs)',
        milliseconds: expect.any(Number),
      })
      expect(await given.cache.recall({program, accelerator: 'kvm'})).toBeUndefined()
    })
  },
)

test.each([
  ['kvm', 'KVM', 'on KVM'],
  ['hvf', 'HVF', 'on HVF'],
  ['tcg', 'TCG', 'emulated by TCG'],
] as const)('%s is %s, and guests run %s', (accelerator, name, how) => {
  expect(acceleratorName(accelerator)).toBe(name)
  expect(runsHow(accelerator)).toBe(how)
})
