import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {Command} from '../e2e/command.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {compile, pluginProject} from './example.js'
import {expectSuccess} from './shell.js'

const everyContribution = `
import {definePlugin, GuestError, HostError, UsageError, z} from 'vmrun'
import type {Architecture, ConfigDiskKind, InstanceKey, Machine, Placeholder, PlacedStep, Run} from 'vmrun'

const architecture: Architecture = {
  name: 'm68k',
  hosts: [],
  program: 'qemu-system-m68k',
  packages: {debian: 'qemu-system-misc'},
  machine: 'virt',
  emulatedCpu: 'm68040',
  devices: {disk: {driver: 'virtio-blk-device'}, network: {driver: 'virtio-net-device'}},
  arguments: [],
}

const configDisk: ConfigDiskKind = {
  name: 'floppy',
  configure: ({kind}, {devices}) => {
    if (devices.scsi) {
      throw new UsageError(kind, {hint: 'none'})
    }

    return {
      title: 'floppy disk',
      arguments: file => ['-blockdev', JSON.stringify({filename: file})],
      content: ({name, config}) => ({label: name, files: [{name: 'config', content: JSON.stringify(config)}]}),
      watch: async (machine: Machine) => {
        machine.on('RESET', ({guest}) => guest === true)
        await machine.execute('query-blockstats', {'query-nodes': true})
        await machine.trayOpened('floppy')
      },
    }
  },
}

const step: PlacedStep = {
  name: 'telling',
  title: 'Telling',
  after: 'qemu',
  run: async (run: Run, progress) => {
    progress(run.instance.name)
    run.defer('it', () => {
      throw new GuestError('no')
    })
    return 'Told'
  },
  ended: async (run, {verdict, seconds, signal}) => {
    run.emit({type: 'notice', text: [verdict.name, seconds, signal.aborted].join(' ')})
  },
}

const cleanup: PlacedStep = {
  name: 'thorough-cleanup',
  title: 'Thorough cleanup',
  replacing: 'cleanup',
  run: async run => {
    await run.unwind()
    return 'Thorough cleanup'
  },
}

const placeholder: Placeholder = {
  name: 'vault',
  resolve: async (argument, {environment}) => {
    const secret = environment[argument]
    if (secret === undefined) {
      throw new HostError('there is no ' + argument)
    }

    return secret
  },
}

const instanceKey: InstanceKey = {name: 'colour', schema: z.string().optional()}

export default definePlugin({
  apiVersion: 1,
  architectures: [architecture],
  configDisks: [configDisk],
  steps: [step, cleanup],
  placeholders: [placeholder],
  instanceKeys: [instanceKey],
})
`

async function project(source: string): Promise<string> {
  return await pluginProject(source, await temporaryDirectory())
}

describe('the types of the packed package', () => {
  test('hold by themselves, with no check left out, for a plugin that contributes one of everything', async () => {
    expectSuccess('npm run build', await compile(await project(everyContribution)))
  })

  test('refuse a wrong type, a member too few or too many, another version, and an event that is none', async () => {
    let source = everyContribution
    const mistakes = [
      [`machine: 'virt'`, 'machine: 1', `Type 'number' is not assignable to type 'string'`],
      [`emulatedCpu: 'm68040',`, '', `Property 'emulatedCpu' is missing`],
      ['arguments: [],', 'arguments: [], bios: 1,', `'bios' does not exist in type 'Architecture'`],
      ['apiVersion: 1', 'apiVersion: 2', `Type '2' is not assignable to type '1'`],
      [`{type: 'notice', text:`, `{type: 'notify', text:`, `Type '"notify"' is not assignable`],
      // What only a step in the place of one of vmrun's may do, and a command that changes the machine.
      [`replacing: 'cleanup'`, `after: 'cleanup'`, `Property 'unwind' does not exist on type 'Run'`],
      [`'query-blockstats', {'query-nodes': true}`, `'quit'`, `Argument of type '"quit"' is not assignable`],
    ] as const
    const [architecture = ''] = /^const architecture.*?^\}$/msu.exec(everyContribution) ?? []
    for (const [index, [right, wrong]] of mistakes.entries()) {
      expect(everyContribution).toContain(right)
      // Of one object the compiler tells one mistake.
      source = architecture.includes(right)
        ? `${source}${architecture.replace('const architecture', `export const wrong${index}`).replace(right, wrong)}\n`
        : source.replace(right, wrong)
    }

    const {exitCode, stdout} = await compile(await project(source))
    for (const [, , complaint] of mistakes) {
      expect(stdout).toContain(complaint)
    }

    expect(exitCode).not.toBe(0)
  })
})

test('what is inside the packed package has no types for others, and cannot be imported', async () => {
  const inner = 'vmrun/dist/vmrun.cjs'
  const directory = await project(`import '${inner}'`)
  const compiled = await compile(directory)
  expect(compiled.stdout).toContain(`'${inner}'`)
  expect(compiled.exitCode).not.toBe(0)
  const script = path.join(directory, 'plugin.mjs')
  await writeFile(script, `await import('vmrun'); console.log('in'); await import('${inner}')`)
  const {stdout, stderr} = await new Command(process.execPath, [script], process.env, directory).ended
  expect(stdout).toBe('in\n')
  expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED')
})
