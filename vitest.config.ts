import {defineConfig} from 'vitest/config'
import {Tally} from './test/tally.js'

const guests = 'test/e2e/build-guests.ts'

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'tree',
          include: ['test/**/*.test.ts'],
          exclude: ['test/packed/**'],
          globalSetup: [guests],
        },
      },
      // As users have it: what is packed and installed once is for these alone.
      {
        extends: true,
        test: {
          name: 'packed',
          include: ['test/packed/**/*.test.ts'],
          globalSetup: [guests, 'test/packed/install-vmrun.ts'],
        },
      },
    ],
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
