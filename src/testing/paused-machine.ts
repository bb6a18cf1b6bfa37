import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {writeImage} from '../disks/config/write-image.js'
import {describeRun} from '../launch/describe-run.js'
import type {RunRequest} from '../launch/prepare-run.js'
import {buildConfigDisk} from '../launch/resolve-config.js'
import {interactiveArguments, supervisedArguments} from '../qemu/command/arguments.js'
import {QemuMachine} from '../qemu/machine/machine.js'
import {descriptors} from '../qemu/machine/process.js'
import type {Bench} from './bench.js'
import {requestOf, type Subject} from './subject.js'
import {filesIn} from './traces.js'

/** What a paused machine has open as disks, and what it should. */
export interface PausedMachine {
  readonly opened: readonly string[]
  readonly expected: readonly string[]
}

/**
 * Does by hand what `--dry-run` tells, up to a machine that is built and does not run: there the files have names.
 *
 * @throws HostError with what QEMU says when it refuses
 */
export async function pausedMachine(bench: Bench, subject: Subject): Promise<PausedMachine> {
  const request = await requestOf(bench, subject)
  const [program, ...programArguments] = await preparedCommand(request)
  const machine = await QemuMachine.spawn([
    program,
    ...programArguments.slice(0, -interactiveArguments().length),
    ...supervisedArguments(descriptors),
  ])
  machine.console.resume()
  try {
    await machine.ready()
    const opened = await machine.openFiles()
    const made = (await filesIn(bench.path('work'))).filter(isImage)
    return {
      opened: opened.toSorted(),
      expected: [request.opened.instance.image, ...made].toSorted(),
    }
  } finally {
    machine.kill()
    await machine.ended
  }
}

/** The two that vmrun plans. */
function isImage(file: string): boolean {
  return file.endsWith('/overlay.qcow2') || file.endsWith('/config-disk.iso')
}

/** Makes what QEMU needs. @returns QEMU's command */
async function preparedCommand(request: RunRequest): Promise<readonly [string, ...string[]]> {
  for (const {name, commands} of await describeRun(request)) {
    for (const [program = '', ...programArguments] of commands) {
      if (name === 'qemu') {
        return [program, ...programArguments]
      }

      await (program === 'vmrun'
        ? doOwn(request, programArguments)
        : promisify(execFile)(program, programArguments))
    }
  }

  throw new Error('The plan of the run starts no QEMU: have the step in its place tell the command.')
}

async function doOwn({opened, registry, environment}: RunRequest, words: readonly string[]): Promise<void> {
  const file = words[words.indexOf('--output') + 1]
  if (words[0] === 'build-iso' && file !== undefined) {
    await writeImage(await buildConfigDisk(opened, registry, environment), file)
  }
}
