import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {compiled} from '../../compiled.js'

const run = promisify(execFile)

/** Runs a process that gets a signal in the middle of such work, and another when it is done. */
async function runSignalled(signal: string): Promise<{readonly stdout: string; readonly signal: unknown}> {
  const script = `
    import {undisturbed} from '${await compiled('commands/init/undisturbed.ts')}'
    import {setTimeout as sleep} from 'node:timers/promises'
    await undisturbed(async () => {
      process.kill(process.pid, '${signal}')
      await sleep(50)
      process.stdout.write('done')
    })
    process.kill(process.pid, '${signal}')
    await sleep(10_000)
    process.stdout.write(' and not ended')`
  return await run(process.execPath, ['--input-type=module', '--eval', script]).then(
    ({stdout}) => ({stdout, signal: undefined}),
    (error: {readonly stdout: string; readonly signal: unknown}) => error,
  )
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])(
  'work goes on to its end when %s comes, which ends the process afterwards as ever',
  async signal => {
    expect(await runSignalled(signal)).toMatchObject({stdout: 'done', signal})
  },
)
