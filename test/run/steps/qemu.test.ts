import {readFile} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {PassThrough, Writable} from 'node:stream'
import {expect, onTestFinished, test, vi} from 'vitest'
import type {Instance} from '../../../src/contract/instance.js'
import type {OwnRun, RunInput} from '../../../src/contract/run.js'
import {cdrom} from '../../../src/disks/config/drives.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {findProgram} from '../../../src/qemu/programs/find-program.js'
import {configDiskStep} from '../../../src/run/steps/config-disk.js'
import {overlayStep} from '../../../src/run/steps/overlay.js'
import {qemuStep} from '../../../src/run/steps/qemu.js'
import {writeProgram} from '../../executables.js'
import {guestImage} from '../../guest-image.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {noProgress, ofType, type SampleRun, sampleRun} from '../sample-run.js'

/** A run of the nano guest for which everything before QEMU is done. */
async function prepared(
  action: string,
  instance: Partial<Instance> = {},
  {
    console = new PassThrough(),
    text = '',
    ...options
  }: {readonly console?: Writable; readonly text?: string} & Partial<RunInput> = {},
): Promise<SampleRun> {
  const sample = sampleRun({
    instance: {image: await guestImage('nano'), ram: '64M', ...instance},
    config: {action, text},
    configDisk: cdrom.configure({kind: 'cdrom'}, x86_64, {}),
    workDirectory: await temporaryDirectory(),
    ...options,
  })
  const {run} = sample
  run.console.writable = console
  onTestFinished(() => run.unwind())
  await overlayStep.run(run, noProgress)
  await configDiskStep.run(run, noProgress)
  return sample
}

function isRunning({running}: OwnRun): boolean {
  return running !== undefined
}

test('whoever waits for the machine gets it before its guest runs, and its title says on what', async () => {
  const {run} = await prepared('power-off', {'cpu-cores': 2})
  const running: boolean[] = []
  run.onMachine(() => running.push(isRunning(run)))
  expect(await qemuStep.run(run, noProgress)).toBe('QEMU: x86_64, 2 cores, 64M of RAM, emulated by TCG')
  expect(running).toEqual([false])
  expect(run.running).toMatchObject({accelerator: 'tcg', since: expect.any(Number)})
  expect(await run.running?.machine.ended).toEqual({how: 'powered-off'})
})

test('the console of a guest that is gone reaches a slow reader to its last byte before anything else is undone', async () => {
  const resumed = new AbortController()
  let printed = ''
  const reader = new Writable({
    highWaterMark: 1,
    write: (chunk, _, callback) => {
      printed += String(chunk)
      if (resumed.signal.aborted) {
        setImmediate(callback)
      } else {
        resumed.signal.addEventListener('abort', () => callback())
      }
    },
  })
  // Less than a socket keeps of what is sent byte by byte.
  const {run} = await prepared('power-off', {}, {console: reader, text: 'x'.repeat(20)})
  let printedBefore = ''
  run.defer('what is undone after QEMU', () => {
    printedBefore = printed
  })
  await qemuStep.run(run, noProgress)
  await run.running?.machine.ended
  const undone = run.unwind()
  setImmediate(() => resumed.abort())
  await undone
  expect(printedBefore).toMatch(/^nano: hello\n.*x{20}.*\nnano: action power-off\n$/su)
})

test('a run that is asked to stop before there is a machine starts no guest, and leaves no process', async () => {
  const {run, events} = await prepared('spin')
  run.stop.request('interrupted')
  await expect(qemuStep.run(run, noProgress)).rejects.toThrow()
  expect(isRunning(run)).toBe(false)
  await run.unwind()
  expect(ofType(events, 'machine-running')).toEqual([])
})

test('its plan is a command for a person, and starts nothing', async () => {
  const directory = await temporaryDirectory()
  const witness = join(directory, 'started')
  const program = await writeProgram(directory, x86_64.program, `touch '${witness}'`)
  vi.stubEnv('PATH', [directory, process.env['PATH']].join(delimiter))
  const {run} = sampleRun({instance: {'ssh-port': 2222, accelerator: 'auto'}})
  run.commandLine.add('-from-another-step')
  const {title = '', commands = []} = (await qemuStep.plan(run, '/by/hand')) ?? {}
  const [command] = commands
  expect(title).toMatch(/^QEMU: x86_64, 1 core, 1G of RAM, /u)
  expect(commands).toHaveLength(1)
  expect(command?.[0]).toBe(program)
  expect(command).toContain('-from-another-step')
  expect(command).toContain('user,id=network,hostfwd=tcp:127.0.0.1:2222-:22')
  expect(command?.slice(-2)).toEqual(['-serial', 'mon:stdio'])
  expect(command).not.toContain('-S')
  await expect(readFile(witness)).rejects.toThrow('ENOENT')
})

test.each([
  [true, 'and no setpriv sees to its end', 'echo "          [,exit-with-parent=on|off]"'],
  [false, 'as it has no such option', ''],
  [false, 'as it does not tell', 'exit 1'],
])('QEMU is told to end with vmrun, %s, %s', async (told, _, help) => {
  const directory = await temporaryDirectory()
  const {run} = await prepared('power-off', {}, {cacheDirectory: join(directory, 'cache')})
  const witness = join(directory, 'arguments')
  const script = `case $1 in -help) ${help}
  exit ;; esac
echo "$*" >'${witness}'
for word; do
  shift
  case $word in -run-with | exit-with-parent=on) ;; *) set -- "$@" "$word" ;; esac
done
exec '${await findProgram(x86_64.program, x86_64.packages)}' "$@"`
  await writeProgram(directory, x86_64.program, script)
  vi.stubEnv('PATH', directory)
  await qemuStep.run(run, noProgress)
  expect(await run.running?.machine.ended).toEqual({how: 'powered-off'})
  expect((await readFile(witness, 'utf8')).includes('-run-with exit-with-parent=on ')).toBe(told)
})
