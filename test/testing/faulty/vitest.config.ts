import {defineConfig} from 'vitest/config'

/** Suites that are to fail: faulty.test.ts runs them, and reads which checks did. */
export default defineConfig({
  test: {
    root: new URL('../../..', import.meta.url).pathname,
    include: ['test/testing/faulty/*.faulty.ts'],
    maxWorkers: 3,
  },
})
