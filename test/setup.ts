import {afterEach, vi} from 'vitest'

/** What a test has others believe of the time, the environment and what they call ends with it. */
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
