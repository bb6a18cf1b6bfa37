import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'

/** Writes a program, as a shell script, that also other users may run. @returns its path */
export async function writeProgram(directory: string, name: string, script: string): Promise<string> {
  const file = join(directory, name)
  await writeFile(file, `#!/bin/sh\n${script}\n`, {mode: 0o755})
  return file
}
