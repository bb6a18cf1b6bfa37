import {chmod, chown, readFile, stat, writeFile} from 'node:fs/promises'
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
  chooseAccelerator,
  whyNoKvm,
  withKvmGroup,
} from '../../../src/qemu/accelerator/choose.js'
import {ProbeCache} from '../../../src/qemu/accelerator/probe-cache.js'
import {findProgram} from '../../../src/qemu/programs/find-program.js'
import {writeProgram} from '../../executables.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {kvmCanBeOpened} from './kvm.js'

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

/** A file in the place of the device: this user's, and of this user's own group, or, for root, of another one. */
async function deviceOf(mode: number): Promise<{readonly device: string; readonly gid: number}> {
  const device = join(await temporaryDirectory(), 'kvm')
  await writeFile(device, '')
  if (process.getuid?.() === 0) {
    await chown(device, 0, 36)
  }

  await chmod(device, mode)
  return {device, gid: (await stat(device)).gid}
}

const stranger = {name: 'stranger', uid: 65_533, gid: 65_533, groups: [7]}

test('without the device there is no KVM', async () => {
  expect(await whyNoKvm(undefined, '/proc/nonexistent/kvm')).toBe('there is no /proc/nonexistent/kvm')
})

test('for vmrun’s own user its own permission counts', async () => {
  const {device} = await deviceOf(0o600)
  expect(await whyNoKvm(undefined, device)).toBeUndefined()
})

test('another user has to have a permission, and is named when there is none', async () => {
  const {device} = await deviceOf(0o640)
  expect(await whyNoKvm(stranger, device)).toBe(
    `the user stranger has no permission for ${device} (is it in the group kvm?)`,
  )
})

test.each([0o606, 0o666])('everybody may use a device of mode %o', async mode => {
  const {device} = await deviceOf(mode)
  expect(await whyNoKvm(stranger, device)).toBeUndefined()
})

test('its group may use it where the group may: QEMU’s user gets that in addition', async () => {
  const {device, gid} = await deviceOf(0o660)
  expect(await withKvmGroup(stranger, device)).toEqual({...stranger, groups: [7, gid]})
  expect(await whyNoKvm(stranger, device)).toBeUndefined()
})

test.each([0o600, 0o640, 0o606])(
  'QEMU’s user does not get a group that may not, with mode %o',
  async mode => {
    const {device} = await deviceOf(mode)
    expect(await withKvmGroup(stranger, device)).toEqual(stranger)
  },
)

test('nor that of root, nor any where there is no device', async () => {
  // Group root may write to it.
  expect(await withKvmGroup(stranger, '/dev/null')).toEqual(stranger)
  expect(await withKvmGroup(stranger, '/proc/nonexistent')).toEqual(stranger)
  expect(await withKvmGroup(undefined)).toBeUndefined()
})

test('a temporary user is given the group of the device, so it is the device that has to have one', async () => {
  const {device} = await deviceOf(0o600)
  expect(await whyNoKvm({...stranger, isTemporary: true}, device)).toBe(
    `${device} is not for a group such as kvm to use, which QEMU would be given`,
  )
})
