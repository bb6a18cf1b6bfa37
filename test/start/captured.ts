import {onTestFinished, vi} from 'vitest'

/** What this process has written so far, and the exit code that it would end with. */
export interface Captured {
  readonly stdout: () => string
  readonly stderr: () => string
  readonly exitCode: () => typeof process.exitCode
}

/** Keeps to itself what this process writes, and puts everything back when the test is over. */
export function captured(): Captured {
  const written = {stdout: '', stderr: ''}
  const {exitCode} = process
  process.exitCode = undefined
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation(text => {
      written[name] += String(text)
      return true
    })
  }

  onTestFinished(() => {
    process.exitCode = exitCode
  })
  return {stdout: () => written.stdout, stderr: () => written.stderr, exitCode: () => process.exitCode}
}
