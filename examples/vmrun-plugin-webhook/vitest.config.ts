import {defineConfig} from 'vitest/config'

// Its own, so that none of a directory around it is taken.
export default defineConfig({})
