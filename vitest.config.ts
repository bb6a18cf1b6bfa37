import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    disableConsoleIntercept: true,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {provider: 'v8', include: ['src/**/*.ts'], reporter: ['text', 'json-summary']},
  },
})
