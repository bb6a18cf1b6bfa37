import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestProject} from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The cache directory of all hosts. */
    readonly cache: string
  }
}

/** Makes a cache directory for a test run, which goes with it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cache = await mkdtemp(path.join(tmpdir(), 'vmrun-test-cache-'))
  project.provide('cache', cache)
  return () => rm(cache, {recursive: true})
}
