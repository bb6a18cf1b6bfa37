import {expect, test} from 'vitest'
import {builtIn} from '../../../src/plugins/built-in.js'
import {stepWork} from '../../../src/run/steps/all.js'
import {noProgress, sampleRun} from '../sample-run.js'

test('it runs whatever happened before', () => {
  expect(builtIn.steps?.find(({name}) => name === 'cleanup')).toMatchObject({always: true, unlimited: true})
})

test('it undoes everything that was deferred', async () => {
  const {run} = sampleRun()
  const undone: string[] = []
  for (const what of ['overlay', 'machine']) {
    run.defer(what, () => {
      undone.push(what)
    })
  }

  expect(await stepWork.cleanup.run(run, noProgress)).toBe('Cleanup: nothing is left')
  expect(undone).toEqual(['machine', 'overlay'])
})

test('its plan removes the directory of the run', async () => {
  const {run} = sampleRun()
  expect(await stepWork.cleanup.plan(run, '/by/hand')).toEqual({
    title: 'Cleanup: removes all of it',
    commands: [['rm', '-r', '/by/hand']],
  })
})
