import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import type {TestProject} from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The paths of the guests' disk images. */
    readonly guests: Readonly<Record<'nano' | 'linux-x86_64' | 'linux-aarch64', string>>
  }
}

/** Has every guest built before the first test. */
export default async function setup(project: TestProject): Promise<void> {
  const names = ['nano', 'linux-x86_64', 'linux-aarch64']
  const build = new URL('../guests/build', import.meta.url).pathname
  const {stdout} = await promisify(execFile)(build, names)
  const [nano = '', x86 = '', aarch64 = ''] = stdout.split('\n')
  project.provide('guests', {nano, 'linux-x86_64': x86, 'linux-aarch64': aarch64})
}
