import {defineConfig} from 'vitest/config'

// A limit for a guest that hangs.
export default defineConfig({test: {testTimeout: 180_000}})
