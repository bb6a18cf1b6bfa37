import {defineConfig} from 'vitest/config'
import {Tally} from './test/tally.js'

/** What takes long and rarely breaks: for `npm run test:all`. That of the package is beside it, as it is packed for it. */
const long = [
  'test/bench/main.test.ts',
  'test/e2e/{cloud-init,job-long,linux-long,root-disk}.test.ts',
  'test/testing/{faulty,own-aarch64}.test.ts',
]

/** In these Node has no part, or none that is another in another version: texts, data, and what QEMU and the kernel decide. */
const elsewhere = [
  'test/{bench,chaos,contract,disks,docs,doctor,errors,guests,instances,launch,render,text,validation}/**/*.test.ts',
  'test/*.test.ts',
  'test/e2e/{doctor-faults,host-faults,kvm,large-files,linux,network,other-users,out-of-memory}.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/packed/**', ...elsewhere, ...long],
        },
      },
      {extends: true, test: {name: 'elsewhere', include: elsewhere, exclude: long}},
      {extends: true, test: {name: 'long', include: long}},
      {
        extends: true,
        test: {
          name: 'long-packed',
          include: ['test/packed/**/*.test.ts'],
          globalSetup: ['test/packed/install-vmrun.ts'],
        },
      },
    ],
    globalSetup: ['test/e2e/shared-cache.ts'],
    setupFiles: ['test/setup.ts'],
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
