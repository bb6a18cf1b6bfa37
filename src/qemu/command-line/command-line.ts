import type {FileHandle} from 'node:fs/promises'
import type {CommandLine} from '../../contract.js'
import {inherit} from '../machine/inherited-files.js'

/** The part of QEMU's command line that the steps of a run put together. */
export class QemuCommandLine implements CommandLine {
  readonly arguments: string[] = []
  readonly inherited: FileHandle[] = []

  add(...programArguments: readonly string[]): void {
    this.arguments.push(...programArguments)
  }

  inherit(file: FileHandle): string {
    return inherit(this.inherited, file)
  }
}
