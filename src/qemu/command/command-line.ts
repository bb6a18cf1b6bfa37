import type {FileHandle} from 'node:fs/promises'
import type {CommandLine} from '../../contract/run.js'
import {inheritedName} from '../machine/process.js'

/** The part of QEMU's command line that the steps of a run put together. */
export class QemuCommandLine implements CommandLine {
  readonly arguments: string[] = []
  readonly inherited: FileHandle[] = []

  /** @throws TypeError for what is no string: types do not bind what a plugin is written in. */
  add(...programArguments: readonly string[]): void {
    if (programArguments.some(one => typeof one !== 'string')) {
      throw new TypeError('expected strings')
    }

    this.arguments.push(...programArguments)
  }

  inherit(file: FileHandle): string {
    this.inherited.push(file)
    return inheritedName(this.inherited.length - 1)
  }
}
