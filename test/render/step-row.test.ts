import {Listr} from 'listr2'
import {expect, test} from 'vitest'
import {type StepRow, stepRow} from '../../src/render/step-row.js'
import {hostile, unprintable} from './every-event.js'

/** What listr2 makes of a row; it draws nothing of it. */
function listOf(row: StepRow) {
  return new Listr<unknown, 'default', 'silent'>([row.task], {
    fallbackRenderer: 'silent',
    fallbackRendererCondition: true,
    exitOnError: false,
  })
}

/** What would be drawn of a row once it is settled. */
async function drawn(row: StepRow) {
  const list = listOf(row)
  await list.run()
  const [task] = list.tasks
  return {title: task?.title, state: task?.state, note: task?.output}
}

const done = {type: 'step-done', step: 'overlay', title: 'Overlay: 1 GiB'} as const

test.each([
  ['done', done, 'COMPLETED'],
  ['failed', {type: 'step-failed', step: 'overlay', title: 'Overlay', message: 'no disk'}, 'FAILED'],
  ['skipped', {type: 'step-skipped', step: 'overlay', title: 'Overlay'}, 'SKIPPED'],
] as const)('the row of a step that is %s says so, under the title of its end', async (_, ending, state) => {
  const row = stepRow('about to')
  const whole = drawn(row)
  row.settle(ending)
  expect(await whole).toMatchObject({title: ending.title, state})
})

test('a row lasts until its step has ended', async () => {
  const row = stepRow('Overlay')
  let ended = false
  const whole = drawn(row).then(() => {
    ended = true
  })
  await new Promise(setImmediate)
  expect(ended).toBe(false)
  row.settle(done)
  await whole
})

test('what comes before the row is drawn is drawn with it, in its order', async () => {
  const row = stepRow('Overlay')
  row.busyWith('thinking')
  row.note('a note')
  row.settle(done)
  expect(await drawn(row)).toEqual({title: done.title, state: 'COMPLETED', note: 'a note'})
})

test('what the step is busy with stands behind its title', async () => {
  const row = stepRow('QEMU')
  const list = listOf(row)
  const whole = list.run()
  row.busyWith('starting')
  await new Promise(setImmediate)
  expect(list.tasks[0]?.title).toBe('QEMU: starting')
  row.busyWith('about to run')
  await new Promise(setImmediate)
  expect(list.tasks[0]?.title).toBe('QEMU: about to run')
  row.settle(done)
  await whole
})

test('nothing in a row can act on a terminal', async () => {
  const row = stepRow('Overlay')
  row.note(hostile)
  row.settle({...done, title: hostile})
  const {title, note} = await drawn(row)
  expect(`${title}${note}`).toContain('title')
  expect(`${title}${note}`).not.toMatch(unprintable)
})
