import {once} from 'node:events'
import {mkdir, rm, writeFile} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import {describe} from 'vitest'
import type {Step} from '../../../src/contract/step.js'
import {describeStep} from '../../../src/testing/index.js'
import {sampleFile, sampleStep} from '../sample-steps.js'

/** Longer than anybody waits for a step that is to end, in milliseconds. */
const tooLong = 3000

function faulty(fault: string, step: Partial<Step> & {readonly after?: string}): void {
  describe(`a step that ${fault}`, () => describeStep({...sampleStep, ...step}, {contributed: {sample: 1}}))
}

faulty('has a place that is not there', {after: 'no-such-step'})
faulty('makes what it plans', {
  plan: async (_, directory) => {
    await mkdir(directory)
    return {title: 'Sample', commands: []}
  },
})
faulty('plans nothing that can be shown', {
  // @ts-expect-error what an author who writes no types may do
  plan: async () => ({}),
})
faulty('does not say what it did', {run: async () => ''})
faulty('cannot undo what it did', {
  run: async run => {
    run.defer('the sample', () => {
      throw new Error('it is stuck')
    })
    return 'Sample'
  },
})
faulty('leaves a file', {
  run: async run => {
    await writeFile(sampleFile(run), 'sample')
    return 'Sample'
  },
})
faulty('removes its file at the end of runs that did not fail', {
  run: async run => {
    await writeFile(sampleFile(run), 'sample')
    return 'Sample'
  },
  ended: async (run, {verdict}) => {
    if (verdict.name !== 'infra-failed') {
      await rm(sampleFile(run))
    }
  },
})
faulty('looks only at first whether it is to end', {
  run: async (_run, _progress, signal) => {
    signal.throwIfAborted()
    await sleep(tooLong)
    return 'Sample'
  },
})
faulty('does not look at first whether it is to end', {
  run: async (_run, _progress, signal) => {
    await Promise.race([once(signal, 'abort'), sleep(tooLong)])
    return 'Sample'
  },
})
faulty('does what it does at the end as long as it likes', {ended: () => sleep(tooLong)})
faulty('has no limit, and never ends when it is to end', {
  unlimited: true,
  run: async (_run, _progress, signal) =>
    signal.aborted ? await new Promise<never>(() => undefined) : 'Sample',
})
