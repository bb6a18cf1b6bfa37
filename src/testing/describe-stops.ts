import {expect, test} from 'vitest'
import type {Architecture} from '../contract/architecture.js'
import {Bench} from './bench.js'
import {hostileConfig} from './options.js'
import type {Subject} from './subject.js'
import {expectEnd, rungsOf, storyOf, tryRun} from './trial.js'

/** The rung that a machine ends on. */
function rungOf({powerButton}: Architecture): string {
  return powerButton === false ? 'quit' : 'powerdown'
}

/** Checks how a guest ends that does not by itself. @param seconds how long it may take */
export function describeStops(architecture: Architecture, subject: Subject, seconds: number): void {
  const waiting: Subject = {
    ...subject,
    keys: {...subject.keys, 'config-disk': {kind: 'virtio-blk'}, config: hostileConfig('wait')},
  }
  const rung = rungOf(architecture)
  const advice =
    rung === 'quit'
      ? 'Leave out "powerButton": false, or have it be so whenever it is read.'
      : `Have the guest of "image" wait for the power button and power off on it, within "guestSeconds" (${seconds}), ` +
        'or say "powerButton": false where the machine has none.'

  test(`the guest that its time is up for ends on the rung ${rung}`, async () => {
    const bench = await Bench.make()
    const trial = await tryRun(bench, {...waiting, keys: {...waiting.keys, 'timeout-seconds': 1}})
    expect(rungsOf(trial), `${advice}\n${storyOf(trial)}`).toEqual([rung])
    await expectEnd(bench, trial, 'timed-out', advice)
  })

  test(`the guest that waits ends on the rung ${rung} when the run is to stop`, async () => {
    const bench = await Bench.make()
    let isAsked = false
    const trial = await tryRun(bench, waiting, {
      onConsole: (text, {stop}) => {
        if (!isAsked && text.includes('waiting')) {
          isAsked = true
          stop.request('interrupted')
        }
      },
    })
    expect(
      isAsked,
      `Have the guest of "image" print "waiting" with "action": "wait".\n${storyOf(trial)}`,
    ).toBe(true)
    expect(rungsOf(trial), `${advice}\n${storyOf(trial)}`).toEqual([rung])
    await expectEnd(bench, trial, 'interrupted', advice)
  })

  test('no guest runs when the run is to stop before', async () => {
    const bench = await Bench.make()
    const trial = await tryRun(bench, waiting, {
      onEvent: (event, {stop}) => {
        if (event.type === 'step-started' && event.step === 'qemu') {
          stop.request('interrupted')
        }
      },
    })
    expect(
      trial.events.map(({type}) => type),
      `Report this: vmrun let a guest run although the run was to stop.\n${storyOf(trial)}`,
    ).not.toContain('machine-running')
    await expectEnd(
      bench,
      trial,
      'interrupted',
      'Have "program" be QEMU itself, which ends when it is killed.',
    )
  })
}
