import {defineConfig} from 'vitest/config'
import {Tally} from './test/tally.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/e2e/build-guests.ts'],
    reporters: ['default', new Tally()],
    // Most tests wait for a machine rather than compute.
    maxWorkers: 4,
    disableConsoleIntercept: true,
    // A limit for what hangs; no test measures time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // The same for what has to be asked for again and again, as no event tells of it.
    expect: {poll: {timeout: 60_000}},
    coverage: {provider: 'v8', include: ['src/**/*.ts'], reporter: ['text', 'json-summary']},
  },
})
