import {defineConfig} from 'vitest/config'
import {Tally} from './test/tally.js'

/** What the kernel, QEMU and the guest decide, whichever Node vmrun runs on. */
const decidedElsewhere = [
  'test/bench/main.test.ts',
  'test/chaos/chaos.test.ts',
  'test/testing/faulty.test.ts',
  'test/e2e/{cloud-init,doctor-faults,host-faults,kvm,large-files,linux,network,other-users,out-of-memory,root-disk}.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/packed/**', ...decidedElsewhere],
        },
      },
      {
        extends: true,
        test: {name: 'machine', include: decidedElsewhere},
      },
      // As users have it: what is packed and installed once is for these alone.
      {
        extends: true,
        test: {
          name: 'packed',
          include: ['test/packed/**/*.test.ts'],
          globalSetup: ['test/packed/install-vmrun.ts'],
        },
      },
    ],
    reporters: ['default', new Tally()],
    // Most tests wait for a machine rather than compute.
    maxWorkers: 4,
    disableConsoleIntercept: true,
    // A limit for what hangs, guests that are built for the first time included; no test measures time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // The same for what has to be asked for again and again, as no event tells of it.
    expect: {poll: {timeout: 60_000}},
    coverage: {provider: 'v8', include: ['src/**/*.ts'], reporter: ['text', 'json-summary']},
  },
})
