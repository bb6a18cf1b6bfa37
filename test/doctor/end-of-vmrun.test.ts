import {join} from 'node:path'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {endOfVmrunFinding, examineEndOfVmrun} from '../../src/doctor/end-of-vmrun.js'
import {ProgramCache} from '../../src/qemu/programs/program-cache.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

test.runIf(process.platform === 'linux')('where there is setpriv, the kernel kills QEMU', async () => {
  const cache = new ProgramCache('/proc/nonexistent')
  expect(await examineEndOfVmrun(['/proc/nonexistent/qemu'], cache)).toMatchObject({
    check: 'end-of-vmrun',
    state: 'good',
    message: expect.stringContaining('setpriv --pdeathsig'),
    by: 'setpriv',
  })
})

describe('where there is no setpriv', () => {
  async function examined(...helps: readonly string[]) {
    vi.stubEnv('PATH', '/proc/nonexistent')
    const directory = await temporaryDirectory()
    const programs = await Promise.all(
      helps.map((help, index) => writeProgram(directory, `qemu-${index}`, `echo '${help}'`)),
    )
    return await examineEndOfVmrun(programs, new ProgramCache(join(directory, 'cache')))
  }

  test('a QEMU that ends itself is good', async () => {
    expect(await examined('[,exit-with-parent=on|off]')).toMatchObject({
      state: 'good',
      message: expect.stringContaining('-run-with exit-with-parent=on'),
      by: 'exit-with-parent',
    })
  })

  test('one that does not is poor, and is named', async () => {
    const finding = await examined('[,exit-with-parent=on|off]', 'nothing')
    expect(finding).toMatchObject({state: 'poor', by: 'reaper'})
    expect(finding?.message).toContain('qemu-1 cannot end by itself')
    expect(finding?.message).not.toContain('qemu-0')
    expect(finding?.hint).toContain(process.platform === 'linux' ? 'util-linux' : 'exit-with-parent')
  })

  test('without any QEMU, nothing is to be said', async () => {
    expect(await examined()).toBeUndefined()
  })
})

test('several that do not are all named', () => {
  expect(endOfVmrunFinding({setpriv: false, lasting: ['/a/qemu', '/b/qemu']}).message).toContain(
    '/a/qemu and /b/qemu',
  )
})
