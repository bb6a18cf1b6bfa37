import {mkdir, symlink} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {Host} from './host.js'

async function hostWith(instance: object): Promise<Host> {
  const host = await Host.with({name: 'vm-1', config: {action: 'off'}, ...instance})
  await symlink('loop.qcow2', host.path('loop.qcow2'))
  return host
}

describe('what is wrong', () => {
  test.each([
    ['an image that is none', {image: 'instances.json'}],
    ['an image that is a directory', {image: 'work'}],
    ['a root-disk that is too small', {'root-disk': '1M'}],
    ['a placeholder that cannot be', {config: {token: '${{ evn:TOKEN }}'}}],
    ['an image that is none, and a variable that is not set', {image: '.', config: {a: '${{ env:UNSET }}'}}],
  ])('%s: run and validate exit with 2, and nothing is started', async (_, instance) => {
    const host = await hostWith(instance)
    await mkdir(host.path('state'))
    const run = await host.vmrun('run', 'vm-1', '--json', '--console', 'console.log')
    // One line, and nothing else.
    expect(JSON.parse(run.stdout)).toEqual({error: expect.objectContaining({message: expect.any(String)})})
    expect(run.stdout.trimEnd()).not.toContain('\n')
    expect(run.exitCode).toBe(2)
    await expect(host.read('console.log')).rejects.toThrow('ENOENT')
    await host.expectNothingLeft()
    expect((await host.vmrun('validate')).exitCode).toBe(2)
  })
})

describe('what is missing, or cannot be read, and may come back', () => {
  test.each([
    ['an image that is not there', {image: 'gone/image.qcow2'}, 1],
    ['an image that cannot be read', {image: 'loop.qcow2'}, 1],
    ['a variable that is not set', {config: {token: '${{ env:UNSET }}'}}, 0],
    ['a file that is not there', {config: {token: '${{ file:gone }}'}}, 0],
  ])(
    '%s: run exits with 1, and validate, which looks at no placeholder, with %3$d',
    async (_, instance, code) => {
      const host = await hostWith(instance)
      expect((await host.vmrun('run', 'vm-1')).exitCode).toBe(1)
      await host.expectNothingLeft()
      expect((await host.vmrun('validate')).exitCode).toBe(code)
    },
  )

  test('a file of backing-files that is not there: validate exits with 1', async () => {
    const host = await hostWith({'backing-files': ['gone']})
    expect((await host.vmrun('validate')).exitCode).toBe(1)
  })

  test('beside what is wrong: validate exits with 2, as another try would not help', async () => {
    const host = await Host.with({name: 'vm-1', image: 'gone'}, {name: 'vm-2', 'root-disk': '1M'})
    expect((await host.vmrun('validate', 'instances.json', 'gone.json')).exitCode).toBe(2)
  })

  test.each(['list --file', 'run vm-1 --file', 'build-iso vm-1 --file', 'doctor --file', 'validate'])(
    'an instances file: %s exits with 1',
    async words => {
      const host = await Host.with()
      const {stdout, stderr, exitCode} = await host.vmrun(...words.split(' '), 'gone.json')
      expect(stdout + stderr).toContain('gone.json: error: the instances file does not exist')
      expect(exitCode).toBe(1)
    },
  )
})
