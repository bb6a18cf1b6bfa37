import {afterEach, expect, test, vi} from 'vitest'
import {examineArchitecture} from '../../src/doctor/examine-architecture.js'
import {HostError} from '../../src/errors/errors.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {confinement} from '../../src/qemu/fence/confine.js'
import {findProgram} from '../../src/qemu/programs/find-program.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

const accelerate = async () => ({accelerator: 'tcg'}) as const

test.each([
  [x86_64, ['qemu', 'accelerator', 'sandbox']],
  [aarch64, ['qemu', 'firmware', 'accelerator', 'sandbox']],
])('everything of an architecture is looked at: $name', async (architecture, checks) => {
  const {findings, program} = await examineArchitecture(architecture, await confinement(), accelerate)
  expect(findings.map(({check}) => check)).toEqual(checks)
  expect(findings.every(({subject}) => subject === architecture.name)).toBe(true)
  expect(program).toBe(await findProgram(architecture.program, architecture.packages))
})

test('without its QEMU, nothing is to be said of what that would do', async () => {
  vi.stubEnv('PATH', '/proc/nonexistent')
  const asked = vi.fn(accelerate)
  const {findings, program} = await examineArchitecture(x86_64, await confinement(), asked)
  expect(findings.map(({check, state}) => [check, state])).toEqual([['qemu', 'missing']])
  expect(program).toBeUndefined()
  expect(asked).not.toHaveBeenCalled()
})

test('where no QEMU can be started, none is', async () => {
  const {findings} = await examineArchitecture(x86_64, undefined, accelerate)
  expect(findings.map(({check}) => check)).toEqual(['qemu', 'accelerator'])
})

test('an accelerator that cannot be tried is a finding like any other', async () => {
  const {findings} = await examineArchitecture(x86_64, await confinement(), async () => {
    throw new HostError('no space left', {hint: 'free some'})
  })
  expect(findings[1]).toEqual({
    ...{check: 'accelerator', subject: 'x86_64', state: 'missing'},
    ...{message: 'no space left', hint: 'free some'},
  })
})
