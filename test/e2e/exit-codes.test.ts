import {mkdir} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {Host} from './host.js'

/** Exits with 2 before anything is started, in `run` as in `validate`. */
const wrong: ReadonlyArray<readonly [string, object]> = [
  ['an image that is none', {image: 'instances.json'}],
  ['an image that is a directory', {image: 'work'}],
  ['a root-disk that is too small', {'root-disk': '1M'}],
  ['a placeholder that cannot be', {config: {token: '${{ evn:TOKEN }}'}}],
  ['an image that is none, and a variable that is not set', {image: '.', config: {a: '${{ env:UNSET }}'}}],
]

/** Exits with 1, as it may come back; `validate` looks at no placeholder. */
const absent: ReadonlyArray<readonly [string, object, number]> = [
  ['an image that is not there', {image: 'gone/image.qcow2'}, 1],
  ['an image that cannot be read', {image: 'loop.qcow2'}, 1],
  ['a file of backing-files that is not there', {'backing-files': ['gone']}, 1],
  ['a variable that is not set', {config: {token: '${{ env:UNSET }}'}}, 0],
  ['a file that is not there', {config: {token: '${{ file:gone }}'}}, 0],
]

async function hostWith(instance: object): Promise<Host> {
  const host = await Host.with({name: 'vm-1', config: {action: 'off'}, ...instance})
  await host.startInShell('ln -s loop.qcow2 loop.qcow2').ended
  return host
}

describe('what is wrong', () => {
  test.each(wrong)('%s: run and validate exit with 2, and nothing is started', async (_, instance) => {
    const host = await hostWith(instance)
    await mkdir(host.path('state'))
    const run = await host.vmrun('run', 'vm-1', '--json', '--console', 'console.log')
    const [line = '', ...further] = run.stdout.trimEnd().split('\n')
    expect(JSON.parse(line)).toEqual({error: expect.objectContaining({message: expect.any(String)})})
    expect(further).toEqual([])
    expect(run.exitCode).toBe(2)
    await expect(host.read('console.log')).rejects.toThrow('ENOENT')
    await host.expectNothingLeft()
    expect((await host.vmrun('validate')).exitCode).toBe(2)
  })
})

describe('what is missing, or cannot be read', () => {
  test.each(absent.filter(([what]) => !what.includes('backing-files')))(
    '%s: run exits with 1',
    async (_, instance) => {
      const host = await hostWith(instance)
      expect((await host.vmrun('run', 'vm-1')).exitCode).toBe(1)
      await host.expectNothingLeft()
    },
  )

  test.each(absent)('%s: validate says what it can know', async (_, instance, exitCode) => {
    const host = await hostWith(instance)
    expect((await host.vmrun('validate')).exitCode).toBe(exitCode)
  })

  test('beside what is wrong: validate exits with 2, as another try would not help', async () => {
    const host = await Host.with({name: 'vm-1', image: 'gone'}, {name: 'vm-2', 'root-disk': '1M'})
    expect((await host.vmrun('validate')).exitCode).toBe(2)
    expect((await host.vmrun('validate', 'instances.json', 'gone.json')).exitCode).toBe(2)
  })

  test.each(['list', 'run vm-1', 'build-iso vm-1', 'doctor', 'validate'])(
    'an instances file: %s exits with 1',
    async words => {
      const host = await Host.with()
      const file = words === 'validate' ? ['gone.json'] : ['--file', 'gone.json']
      const {stdout, stderr, exitCode} = await host.vmrun(...words.split(' '), ...file)
      expect(stdout + stderr).toContain('gone.json: error: the instances file does not exist')
      expect(exitCode).toBe(1)
    },
  )
})
