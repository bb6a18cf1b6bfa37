import {expect, test} from 'vitest'
import {run} from './vmrun.js'

const image = process.env['VMRUN_S390X_IMAGE']

const instance = {
  image,
  arch: 's390x',
  ram: '256M',
  accelerator: 'tcg',
  'timeout-seconds': 120,
}

test('a guest boots, reads its configuration, ejects it and shuts down', async () => {
  const {console, events} = await run({...instance, config: {greeting: 'Grüße'}})
  expect(console).toContain('{"name":"vm-1","config":{"greeting":"Grüße"}}')
  expect(events).toContainEqual(expect.objectContaining({type: 'config-disk-ejected'}))
  expect(events.at(-1)).toMatchObject({type: 'verdict', verdict: 'completed'})
})

test('a guest whose time is up is told by Ctrl-Alt-Del, the power button of this machine, and shuts down', async () => {
  const {events} = await run({
    ...instance,
    'timeout-seconds': 8,
    'grace-seconds': 3600,
    config: {action: 'wait'},
  })
  expect(events.filter(({type}) => type === 'shutting-down').map(({rung}) => rung)).toEqual(['powerdown'])
  expect(events.at(-1)).toMatchObject({type: 'verdict', verdict: 'timed-out', exitCode: 124})
})

test('a guest that panics has failed: its processor stops in a disabled wait, which needs no device', async () => {
  const {events} = await run({...instance, config: {action: 'panic'}})
  expect(events.at(-1)).toMatchObject({type: 'verdict', verdict: 'guest-failed', exitCode: 3})
})
