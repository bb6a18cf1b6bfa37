import {expect} from 'vitest'
import {guestImage} from '../guest-image.js'
import {eventsOf, Host} from './host.js'

/**
 * Two processes of a guest say some words each, while a third waits for what the host has to say: expects that all of them
 * are heard in their order, and that the third hears the host.
 */
export async function expectAllHeard(words: number): Promise<void> {
  const script = [
    // Then nothing but the control port tells that the run is to end.
    'busybox killall acpid',
    '(vmrun-job true; echo guest: heard the host) & job=$!',
    `speak() { i=0; while [ $i -lt ${words} ]; do i=$((i + 1)); vmrun-say status $1 $i; done; }`,
    'speak a & a=$!; speak b; wait $a',
    'vmrun-say exit 3; vmrun-say exit 0',
    'wait $job',
  ].join('; ')
  const image = await guestImage('linux-x86_64')
  const host = await Host.with({
    ...{name: 'vm-1', image, network: 'none', 'timeout-seconds': 1800, 'grace-seconds': 30},
    config: {action: 'script', script},
  })
  const ending = await host.vmrun('run', 'vm-1', '--json', '--console', 'stdout')
  const events = eventsOf(ending)
  const texts = events.flatMap(({type, text}) => (type === 'guest-status' ? [String(text)] : []))
  for (const speaker of ['a', 'b']) {
    const said = Array.from({length: words}, (_, index) => `${speaker} ${index + 1}`)
    expect(texts.filter(text => text.startsWith(speaker))).toEqual(said)
  }

  expect(texts).toHaveLength(2 * words)
  expect(events.filter(({type}) => type === 'job-ended')).toEqual([expect.objectContaining({exitCode: 3})])
  expect(events.at(-1)).toMatchObject({type: 'verdict', verdict: 'job-failed', job: {exitCode: 3}})
  expect(ending.stderr).toContain('guest: heard the host\r\n')
  expect(ending.exitCode).toBe(4)
  await host.expectNothingLeft()
}
