import {execFile} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {onTestFinished} from 'vitest'

/** How vmrun ended, and what it printed. */
export interface Ending {
  readonly exitCode: number
  /** The events of a run, a line each; see vmrun's docs/json.md. */
  readonly events: readonly Readonly<Record<string, unknown>>[]
  /** What the guest sent to its serial console. */
  readonly console: string
}

const manifest = createRequire(import.meta.url).resolve('vmrun/package.json')
const program = path.join(path.dirname(manifest), 'bin', 'run.js')
const plugin = fileURLToPath(new URL('..', import.meta.url))

/** Runs an instance by the vmrun that this package is developed with, to which it is linked. */
export async function run(instance: object): Promise<Ending> {
  const home = await mkdtemp(path.join(tmpdir(), 'vmrun-plugin-s390x-'))
  onTestFinished(() => rm(home, {recursive: true}))
  await writeFile(path.join(home, 'instances.json'), JSON.stringify([{name: 'vm-1', ...instance}]))
  await vmrun(home, 'plugins', 'link', plugin, '--no-install')
  const {exitCode, stdout, stderr} = await vmrun(home, 'run', 'vm-1', '--json', '--console', 'stdout')
  const events = stdout.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)]))
  return {exitCode, events, console: stderr}
}

function vmrun(
  home: string,
  ...words: readonly string[]
): Promise<{readonly exitCode: number; readonly stdout: string; readonly stderr: string}> {
  const env = {PATH: process.env['PATH'], HOME: home}
  return new Promise(resolve => {
    const child = execFile(process.execPath, [program, ...words], {cwd: home, env}, (_, stdout, stderr) => {
      resolve({exitCode: child.exitCode ?? -1, stdout, stderr})
    })
  })
}
