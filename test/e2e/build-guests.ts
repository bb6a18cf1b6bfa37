import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import type {TestProject} from 'vitest/node'

type Guest = 'nano' | 'nano-riscv64' | 'linux-x86_64' | 'linux-aarch64' | 'linux-s390x' | 'cloud-x86_64'

declare module 'vitest' {
  interface ProvidedContext {
    /** The paths of the guests' disk images; of `nano-riscv64` it is the firmware's. */
    readonly guests: Readonly<Record<Guest, string>>
  }
}

/** Has every guest built before the first test. */
export default async function setup(project: TestProject): Promise<void> {
  const names: readonly Guest[] = [
    'nano',
    'nano-riscv64',
    'linux-x86_64',
    'linux-aarch64',
    'linux-s390x',
    'cloud-x86_64',
  ]
  const build = new URL('../guests/build', import.meta.url).pathname
  const {stdout} = await promisify(execFile)(build, names)
  const [nano = '', riscv64 = '', x86 = '', aarch64 = '', s390x = '', cloud = ''] = stdout.split('\n')
  project.provide('guests', {
    nano,
    'nano-riscv64': riscv64,
    'linux-x86_64': x86,
    'linux-aarch64': aarch64,
    'linux-s390x': s390x,
    'cloud-x86_64': cloud,
  })
}
