import {expect, test} from 'vitest'
import {guardedStep} from '../../../src/plugins/guard.js'
import {QemuCommandLine} from '../../../src/qemu/command/command-line.js'
import {neverAborted, noProgress, sampleRun} from '../../run/sample-run.js'

test('arguments stand in the order in which they were added', () => {
  const commandLine = new QemuCommandLine()
  commandLine.add('-device', 'virtio-rng-pci')
  commandLine.add()
  commandLine.add('-s')
  expect(commandLine.arguments).toEqual(['-device', 'virtio-rng-pci', '-s'])
})

test.each([5, undefined, null, ['-s']])(
  'what a plugin adds that is no string is its failure, and nothing is added: %j',
  async added => {
    const commandLine = new QemuCommandLine()
    const step = guardedStep('a', {
      name: 'mount',
      title: 'Mount',
      before: 'qemu',
      run: async () => {
        Reflect.apply(commandLine.add, commandLine, ['-m', added])
        return ''
      },
    })
    await expect(step.run(sampleRun().run, noProgress, neverAborted)).rejects.toMatchObject({
      name: 'HostError',
      message: 'step "mount" of a failed: expected strings',
    })
    expect(commandLine.arguments).toEqual([])
  },
)
