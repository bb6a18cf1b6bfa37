import {rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import type {Run} from '../../src/contract/run.js'
import type {PlacedStep} from '../../src/contract/step.js'

/** How long the sample is busy, in milliseconds. */
const busy = 20

/** A step as it should be: it makes a file and a file without a name, takes its time, and says so at the end. */
export const sampleStep = {
  name: 'sample',
  title: 'Sample',
  after: 'overlay',
  plan: async (run, directory) => ({
    title: `Sample: ${String(run.contributed['sample'])}`,
    commands: [['touch', path.join(directory, 'sample')]],
  }),
  run: async (run, _, signal) => {
    signal.throwIfAborted()
    const file = sampleFile(run)
    run.defer('the sample', () => rm(file, {force: true}))
    await writeFile(file, 'sample')
    await run.makeFile()
    await sleep(busy, undefined, {signal})
    return `Sample: ${String(run.contributed['sample'])}`
  },
  ended: async (_, {signal}) => {
    await sleep(busy, undefined, {signal}).catch(() => undefined)
  },
} satisfies PlacedStep

/** Where the sample makes its file. */
export function sampleFile({workDirectory}: Run): string {
  return path.join(workDirectory, 'sample')
}
