import {isUtf8} from 'node:buffer'
import {setImmediate as turn} from 'node:timers/promises'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {begin} from '../run/sample-run.js'
import {step} from '../run/sample-step.js'

/** How many streams of bytes each port is sent. */
const numRuns = Number(process.env['VMRUN_FUZZ_RUNS'] ?? 1500)

/** What a guest may send: words, almost words, and anything. */
const stream = fc.array(
  fc.oneof(
    fc.constantFrom(
      'ready\n',
      'busy\r\n',
      'idle\n',
      'status ä\n',
      'exit 0\n',
      'exit 7\n',
      'exit 07\r\n',
      'exit 256\n',
    ),
    fc.constantFrom(
      'exit',
      ' 7',
      'exit 7',
      '\n',
      '\r',
      'status ',
      'x'.repeat(1025),
      '\u001b[2J',
      '::set-output a=b\n',
    ),
    fc.uint8Array({maxLength: 40}),
  ),
)

/** A guest's bytes, as they arrive. */
const chunks = fc.tuple(stream, fc.array(fc.nat(2000))).map(([parts, cuts]) => {
  const bytes = Buffer.concat(parts.map(part => Buffer.from(part)))
  const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return {bytes, chunks: places.map((place, index) => bytes.subarray(places[index - 1] ?? 0, place))}
})

/** The exit code that a stream tells, as the documentation has it: found here by other means. */
function exitCodeIn(bytes: Buffer): number | undefined {
  const lines = bytes.toString('latin1').split('\n').slice(0, -1)
  const codes = lines
    .filter(line => line.length <= 1024 && isUtf8(Buffer.from(line, 'latin1')))
    .flatMap(line => /^exit ([0-9]{1,3})\r?$/.exec(line)?.[1] ?? [])
    .map(Number)
  return codes.find(code => code <= 255)
}

test('whatever comes by the port for words, the verdict is what the first exit code in it says', async () => {
  await fc.assert(
    fc.asyncProperty(chunks, async ({bytes, chunks: arriving}) => {
      const {verdict} = begin(
        step('qemu', run => {
          for (const chunk of arriving) {
            run.guest.hear(chunk)
          }
        }),
      )
      // What a WeakRef leads to is kept until there is one.
      await turn()
      const exitCode = exitCodeIn(bytes)
      const name = exitCode ? 'job-failed' : 'completed'
      expect(await verdict).toMatchObject({name, ...(exitCode !== undefined && {job: {exitCode}})})
    }),
    {numRuns},
  )
})

test('whatever comes by the console and the port for the log, the verdict shows little of it, and nothing that acts on a terminal', async () => {
  await fc.assert(
    fc.asyncProperty(chunks, async ({chunks: arriving}) => {
      const {verdict} = begin(
        step('qemu', run => {
          for (const chunk of arriving) {
            run.console.keep(chunk)
            run.log.keep(chunk)
          }

          run.guest.hear(Buffer.from('exit 1\n'))
        }),
      )
      await turn()
      const {name, consoleTail = [], logTail} = await verdict
      expect(name).toBe('job-failed')
      expect(logTail ?? []).toEqual(consoleTail)
      expect(consoleTail.length).toBeLessThanOrEqual(20)
      expect(consoleTail.join('')).not.toMatch(/(?!\t)\p{Cc}|\p{Bidi_Control}/u)
    }),
    {numRuns},
  )
})
