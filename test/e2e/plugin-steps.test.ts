import {describe, expect, test} from 'vitest'
import type {Ending} from './command.js'
import {eventsOf, Host} from './host.js'
import {installPlugins, moduleOf} from './plugins.js'

const name = 'vmrun-plugin-step'

/** A host with an instance and a plugin that has one step. */
async function hostWith(step: string, instance: object = {}): Promise<Host> {
  const host = await Host.with({name: 'vm-1', ...instance})
  await installPlugins(host, {name, module: moduleOf(`steps: [{name: 'mine', title: 'Mine', ${step}}]`)})
  return host
}

/** A step that asks the machine about its disk when its guest runs, throws in the middle of an event, and tells of both later. */
const asking = `
  const read = new WeakMap()
  ${moduleOf(`steps: [{name: 'mine', title: 'Mine', before: 'qemu', async run(run) {
    run.onMachine(machine => {
      machine.on('RESUME', async () => {
        const disks = await machine.execute('query-blockstats')
        read.set(run, disks.find(disk => disk['node-name'] === 'root-disk').stats.rd_bytes)
        await machine.execute('system_reset')
      })
      machine.on('POWERDOWN', () => { throw new Error('boom') })
      machine.on('SHUTDOWN', ({reason}) => run.emit({type: 'notice', text: reason}))
    })
    return 'Mine'
  }, async ended(run) {
    run.emit({type: 'notice', text: 'read: ' + typeof read.get(run)})
  }}]`)}`

test('a step asks the machine, hears of its events, and keeps what it learns until the run has ended', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  await installPlugins(host, {name, module: asking})
  const run = host.start('run', 'vm-1', '--json', '--console', 'stdout')
  await run.printed(/nano: waiting/u)
  run.signal('SIGTERM')
  const ending = await run.ended
  expect(eventsOf(ending).flatMap(({type, text}) => (type === 'notice' ? [text] : []))).toEqual([
    `${name} failed where nobody waited for it: system_reset is no command that a machine can be asked: query-*, qom-get or qom-list`,
    `${name} failed where nobody waited for it: boom`,
    'guest-shutdown',
    'read: number',
  ])
  expect(verdictOf(ending)).toMatchObject({verdict: 'terminated', exitCode: 143})
  await host.expectNothingLeft()
})

/** The types of the events of the plugin's step. */
function typesOf(ending: Ending): readonly unknown[] {
  return eventsOf(ending)
    .filter(({step}) => step === 'mine')
    .map(({type}) => type)
}

/** The verdict, and the message of its error. */
function verdictOf(ending: Ending): object {
  const {verdict, error} = eventsOf(ending).at(-1) ?? {}
  return {verdict, error, exitCode: ending.exitCode}
}

/** Expects that the run was cleaned up by its own step. */
function expectCleanedUp(ending: Ending): void {
  expect(eventsOf(ending)).toContainEqual(expect.objectContaining({type: 'step-done', step: 'cleanup'}))
}

describe('a step that fails ends the run as infra-failed, by its name,', () => {
  test.each([
    ['throws before the guest runs', `before: 'qemu', async run() { throw new Error('boom') }`],
    ['throws after the guest ran', `after: 'timeout-watch', async run() { throw new Error('boom') }`],
  ])('when it %s', async (_, step) => {
    const host = await hostWith(step, {config: {action: 'power-off'}})
    const ending = await host.vmrun('run', 'vm-1', '--json')
    expect(verdictOf(ending)).toMatchObject({verdict: 'infra-failed', exitCode: 1})
    expect(JSON.stringify(verdictOf(ending))).toContain('step \\"mine\\" of vmrun-plugin-step failed: boom')
    expect(typesOf(ending)).toEqual(['step-started', 'step-failed'])
    expect(ending.stderr).toBe('')
    expectCleanedUp(ending)
    await host.expectNothingLeft()
  })
})

test('what a step that was given up makes later is removed at once', async () => {
  const step = `before: 'qemu', async run(run, _, signal) {
    await new Promise(resolve => signal.addEventListener('abort', () => setTimeout(resolve, 3000)))
    run.defer('late', () => process.stderr.write('undone late\\n'))
    return ''
  }, async ended() { await new Promise(resolve => setTimeout(resolve, 6000)) }`
  const host = await hostWith(step)
  const run = host.start('run', 'vm-1', '--json')
  await run.printed(/"step-started","step":"mine"/u)
  run.signal('SIGTERM')
  const ending = await run.ended
  expect(verdictOf(ending)).toMatchObject({verdict: 'terminated', exitCode: 143})
  expect(ending.stderr).toContain('undone late')
  await host.expectNothingLeft()
})

describe('SIGTERM while a step runs ends the run as terminated', () => {
  const busy = `progress('busy'); await new Promise((resolve, reject) => `
  test.each([
    ['heeds the signal', `${busy} signal.addEventListener('abort', () => reject(signal.reason)))`],
    ['does not heed it', `${busy} setInterval(() => 0, 1000))`],
  ])('where the step %s', async (_, work) => {
    const host = await hostWith(`before: 'qemu', async run(run, progress, signal) { ${work} }`)
    const run = host.start('run', 'vm-1', '--json')
    await run.printed(/"step-progress","step":"mine"/u)
    run.signal('SIGTERM')
    const ending = await run.ended
    expect(verdictOf(ending)).toMatchObject({verdict: 'terminated', exitCode: 143})
    expect(typesOf(ending).at(-1)).toMatch(/^step-(?:done|skipped)$/u)
    expect(eventsOf(ending)).not.toContainEqual(expect.objectContaining({type: 'machine-running'}))
    expectCleanedUp(ending)
    await host.expectNothingLeft()
  })
})

test('an undo of a plugin that throws keeps nothing else from being removed, and is told beside the verdict', async () => {
  const step = `before: 'qemu', async run(run) { run.defer('my mount', () => { throw new Error('boom') }); return 'Done' }`
  const host = await hostWith(step)
  const ending = await host.vmrun('run', 'vm-1', '--json')
  expect(verdictOf(ending)).toMatchObject({verdict: 'infra-failed', exitCode: 1})
  expect(JSON.stringify(verdictOf(ending))).toContain('could not remove my mount: boom')
  await host.expectNothingLeft()
})

test('what a step does at the end changes nothing about it, and a notice tells when it fails', async () => {
  const step = `before: 'qemu', async run() { return 'Done' }, async ended(run, {verdict}) { throw new Error('no ' + verdict.name) }`
  const host = await hostWith(step)
  const ending = await host.vmrun('run', 'vm-1', '--json')
  expect(verdictOf(ending)).toMatchObject({verdict: 'completed', exitCode: 0})
  expect(eventsOf(ending)).toContainEqual(
    expect.objectContaining({
      type: 'notice',
      text: 'step "mine" of vmrun-plugin-step: ended failed: no completed',
    }),
  )
  await host.expectNothingLeft()
})

test('a volume that ISO 9660 cannot hold is told by the name of its config disk, and no secret is shown', async () => {
  const host = await Host.with({name: 'vm-1', 'config-disk': 'mine', config: {word: '${{ env:WORD }}'}})
  host.environment['WORD'] = 'sesame'
  await installPlugins(host, {
    name,
    module: moduleOf(`configDisks: [{name: 'mine', configure: () => ({title: 'Mine', arguments: () => [],
      content: ({config}) => ({label: 'mine', files: [{name: config.word + '/x', content: ''}]})})}]`),
  })
  for (const command of ['run', 'build-iso']) {
    const {stdout, stderr, exitCode} = await host.vmrun(command, 'vm-1')
    expect(stderr).toMatch(
      /^Error: config disk "mine" of vmrun-plugin-step: content gave what it must not: files\[0\]\.name: holds a .*\n$/mu,
    )
    expect(stdout + stderr).not.toMatch(/sesame|^ +at /mu)
    expect(exitCode).toBe(1)
  }

  await host.expectNothingLeft()
})

describe('a placeholder that', () => {
  test.each([
    [
      'throws',
      `() => { throw new Error('sesame') }`,
      'placeholder "vault" of vmrun-plugin-step failed: Error, whose message may hold a secret\n',
      1,
    ],
    [
      'blames the host',
      `async () => { throw new HostError('the vault is sealed', {hint: 'Unseal it.'}) }`,
      'the vault is sealed\nUnseal it.\n',
      1,
    ],
    [
      'blames the user',
      `async () => { throw new UsageError('no such door', {hint: 'Name another.'}) }`,
      'no such door\nName another.\n',
      2,
    ],
  ])(
    '%s is told by its key, by whose fault it is, and no secret is shown',
    async (_, resolve, says, code) => {
      const host = await Host.with({
        name: 'vm-1',
        config: {other: '${{ env:OTHER }}', word: '${{ vault:door }}'},
      })
      host.environment['OTHER'] = 'sesame'
      await installPlugins(host, {
        name,
        module: moduleOf(`placeholders: [{name: 'vault', resolve: ${resolve}}]`),
      })
      for (const words of [
        ['run', 'vm-1'],
        ['build-iso', 'vm-1'],
      ]) {
        const {stdout, stderr, exitCode} = await host.vmrun(...words)
        expect(stderr).toBe(`Error: vm-1: config.word: ${says}`)
        expect(stdout + stderr).not.toContain('sesame')
        expect(exitCode).toBe(code)
      }

      await host.expectNothingLeft()
    },
  )
})
