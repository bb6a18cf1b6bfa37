import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {Host} from './host.js'

const config = {action: 'power-off', secret: '${{ env:SECRET }}', job: {id: 0, steps: ['none']}}
const job = {job: {id: 42, note: 'costs ${{ env:SECRET }}, or $${{'}, steps: null}
const merged = {...config, secret: 'hunter2', job: {...config.job, ...job.job}, steps: null}

async function hostWithJob(): Promise<Host> {
  const host = await Host.with({name: 'vm-1', config})
  host.environment['SECRET'] = 'hunter2'
  await host.write('job.json', JSON.stringify(job))
  return host
}

test.each([
  ['a file', '"$@" --config job.json'],
  ['standard input', '"$@" --config - <job.json'],
  ['the output of a command', `exec bash -c '"$@" --config <(cat job.json)' bash "$@"`],
])('the guest gets the config of its job laid over that of its instance: %s', async (_, script) => {
  const host = await hostWithJob()
  const {stdout, exitCode} = await host.startInShell(script, 'run', 'vm-1', '--console', 'stdout').ended
  const [, printed = ''] = /^nano: instance\.json (?<json>.*?)\r?$/mu.exec(stdout) ?? []
  expect(JSON.parse(printed)).toEqual({name: 'vm-1', config: merged})
  expect(exitCode).toBe(0)
  await host.expectNothingLeft()
})

test('build-iso writes the same disk, and --dry-run says so', async () => {
  const host = await hostWithJob()
  const built = await host.vmrun('build-iso', 'vm-1', '--config', 'job.json', '--output', '-')
  expect(built.stdout).toContain(JSON.stringify({name: 'vm-1', config: merged}))
  const {stdout, exitCode} = await host.vmrun('run', 'vm-1', '--dry-run', '--config', 'job.json')
  expect(stdout).toContain(`--config ${host.path('job.json')} `)
  expect(stdout).not.toMatch(/hunter2|costs/u)
  expect(exitCode).toBe(0)
})

test.each([
  ['is no object', 'echo \'["s3cret"]\'', 2, /^-:1:1: error: the config of the job must be an object/mu],
  [
    'does not suit the config disk',
    'echo \'{"s3cret": 1}\'',
    2,
    /"nocloud" does not know "s3cret" in the config/u,
  ],
])('one that %s is refused before anything is made, by --dry-run too', async (_, script, code, says) => {
  const host = await Host.with({name: 'vm-1', 'config-disk': 'nocloud'})
  for (const flags of [[], ['--dry-run']]) {
    const {stdout, stderr, exitCode} = await host.startInShell(
      `${script} | "$@"`,
      ...['run', 'vm-1', '--config', '-', ...flags],
    ).ended
    expect(stderr).toMatch(says)
    expect(stdout).toBe('')
    expect(exitCode).toBe(code)
  }

  await host.expectNothingLeft()
})

test.each([
  ['one that is not there', 'run vm-1 --config gone.json', 1, 'the config of the job does not exist'],
  ['standard input twice', 'run vm-1 --config - --file -', 2, 'both want standard input'],
  ['an empty name', 'run vm-1 --config=', 2, 'names nothing'],
])('%s is an error with a code of its own', async (_, words, code, says) => {
  const host = await Host.with({name: 'vm-1', image: await guestImage('nano')})
  const {stderr, exitCode} = await host.vmrun(...words.split(' '))
  expect(stderr).toContain(says)
  expect(exitCode).toBe(code)
})
