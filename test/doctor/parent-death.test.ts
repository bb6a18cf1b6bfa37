import {join} from 'node:path'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {examineParentDeath, parentDeathFinding} from '../../src/doctor/parent-death.js'
import {ProgramCache} from '../../src/qemu/programs/program-cache.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

test.runIf(process.platform === 'linux')('where there is setpriv, the kernel kills QEMU', async () => {
  const cache = new ProgramCache('/nonexistent')
  expect(await examineParentDeath(['/nonexistent/qemu'], cache)).toMatchObject({
    check: 'parent-death',
    state: 'good',
    text: expect.stringContaining('setpriv --pdeathsig'),
  })
})

describe('where there is no setpriv', () => {
  async function examined(...helps: readonly string[]) {
    vi.stubEnv('PATH', '/nonexistent')
    const directory = await temporaryDirectory()
    const programs = await Promise.all(
      helps.map((help, index) => writeProgram(directory, `qemu-${index}`, `echo '${help}'`)),
    )
    return await examineParentDeath(programs, new ProgramCache(join(directory, 'cache')))
  }

  test('a QEMU that ends itself is good', async () => {
    expect(await examined('[,exit-with-parent=on|off]')).toMatchObject({
      state: 'good',
      text: expect.stringContaining('-run-with exit-with-parent=on'),
    })
  })

  test('one that does not is poor, and is named', async () => {
    const {state, text, advice} = await examined('[,exit-with-parent=on|off]', 'nothing')
    expect(state).toBe('poor')
    expect(text).toContain('qemu-1 cannot end by itself')
    expect(text).not.toContain('qemu-0')
    expect(advice).toContain(process.platform === 'linux' ? 'util-linux' : 'exit-with-parent')
  })
})

test('several that do not are all named', () => {
  expect(parentDeathFinding({setpriv: false, lasting: ['/a/qemu', '/b/qemu']}).text).toContain(
    '/a/qemu and /b/qemu',
  )
})
