import {execFile} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {z} from 'zod'

const root = new URL('../../', import.meta.url).pathname

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()),
        }),
      ),
    }),
  ),
})

/** A check that failed. */
export interface Failure {
  readonly check: string
  readonly message: string
}

/**
 * Runs the suites of `faulty/` in a vitest of their own.
 *
 * @param report a file that is made
 * @returns the checks that failed, by what they looked at
 */
export async function faultySuites(report: string): Promise<ReadonlyMap<string, readonly Failure[]>> {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  await new Promise<void>(resolve => {
    execFile(
      process.execPath,
      [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        ...['--config', path.join(root, 'test/testing/faulty/vitest.config.ts')],
        ...['--reporter', 'json', '--outputFile', report],
      ],
      {cwd: root, env: Object.fromEntries(environment)},
      // It fails, as it is to.
      () => resolve(),
    )
  })
  const {testResults} = reportSchema.parse(JSON.parse(await readFile(report, 'utf8')))
  const failures = testResults
    .flatMap(({assertionResults}) => assertionResults)
    .filter(({status}) => status === 'failed')
    .map(({ancestorTitles: [fault = ''], title, failureMessages}) => ({
      fault,
      check: title,
      message: failureMessages.join('\n'),
    }))
  const faults = Array.from(new Set(failures.map(({fault}) => fault)))
  return new Map(faults.map(fault => [fault, failures.filter(failure => failure.fault === fault)]))
}
