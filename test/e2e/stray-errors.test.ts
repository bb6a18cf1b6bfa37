import {describe, expect, test} from 'vitest'
import {eventsOf, Host} from './host.js'
import {installPlugins, moduleOf} from './plugins.js'

const name = 'vmrun-plugin-stray'

describe.each([
  ['a promise that it forgot', 'Promise.reject(new Error("stray"))'],
  ['a timer of its own', 'setTimeout(() => { throw new Error("stray") })'],
])('a plugin that throws in %s', (_, throwing) => {
  test('is told by name, and the command goes on', async () => {
    const host = await Host.with({name: 'vm-1'})
    await installPlugins(host, {
      name,
      module: `${throwing}; ${moduleOf('')}; await new Promise(resolve => setTimeout(resolve, 50))`,
    })
    const {exitCode, stdout, stderr} = await host.vmrun('list', '--json')
    expect(JSON.parse(stdout)).toMatchObject([{name: 'vm-1'}])
    expect(stderr).toBe(`vmrun: warning: ${name} failed where nobody waited for it: stray\n`)
    expect(exitCode).toBe(0)
  })

  test('is told in a run, which goes on to its end', async () => {
    const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
    const stepThatThrows = `steps: [{name: 'x', title: 'X', before: 'qemu', run: async run => {
      run.onMachine(() => { ${throwing} })
      return 'X: done'
    }}]`
    await installPlugins(host, {name, module: moduleOf(stepThatThrows)})
    const run = host.start('run', 'vm-1', '--json', '--console', 'stdout')
    await run.printed(/failed where nobody waited for it: stray/u)
    await run.printed(/nano: waiting/u)
    run.signal('SIGTERM')
    const ending = await run.ended
    expect(eventsOf(ending)).toContainEqual(
      expect.objectContaining({type: 'notice', text: `${name} failed where nobody waited for it: stray`}),
    )
    expect(eventsOf(ending).at(-1)).toMatchObject({verdict: 'terminated'})
    expect(ending.exitCode).toBe(143)
    await host.expectNothingLeft()
  })
})
