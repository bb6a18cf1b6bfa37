import {statfs} from 'node:fs/promises'
import type {Command} from '../e2e/command.js'
import type {Host} from '../e2e/host.js'
import {ownMounts} from '../e2e/wrappers.js'
import {endingOf, type Outcome, type Round, randomMoment} from './fault.js'
import {filesBelow, processesAt, whatStays} from './residue.js'

/** Lives on when vmrun has ended, so that its mount can be looked at, until it reads a line. */
const keeper = `
mount -t tmpfs -o "size=$1" none "$2" || exit
echo "free: $(stat -f -c %f "$2")"
shift 2
sh -c 'echo "vmrun: $$"; exec "$@" </dev/null' sh "$@"
echo "ended with $?"
read -r line
`

/** A run whose work directory is a file system of its own, in memory, on which every block is counted. */
interface RunInMemory {
  readonly shell: Command
  readonly vmrun: number
  /** The work directory as it can be seen from outside. */
  readonly work: string
  /** In blocks, before vmrun was there. */
  readonly free: number
}

async function startInMemory(host: Host, size: string, instance: string): Promise<RunInMemory> {
  const wrapper = [...ownMounts, 'sh', '-c', keeper, 'sh', size, host.path('work')]
  const shell = host.startUnder(wrapper, 'run', instance, '--json')
  const {groups} = await shell.printed(/free: (?<free>\d+)\nvmrun: (?<vmrun>\d+)\n/u)
  return {
    shell,
    vmrun: Number(groups?.['vmrun']),
    work: `/proc/${shell.pid}/root${host.path('work')}`,
    free: Number(groups?.['free']),
  }
}

/** Waits until vmrun has ended, finds out what it left, and has its disk go. */
async function endInMemory(host: Host, {shell, work, free}: RunInMemory): Promise<Omit<Outcome, 'struck'>> {
  const {groups} = await shell.printed(/ended with (?<code>\d+)/u)
  const wrong = await whatStays(async () => {
    const held = free - (await statfs(work)).bfree
    return [
      ...(await processesAt(host.directory, shell.pid)),
      ...(await filesBelow(work)),
      ...(held === 0 ? [] : [`${held} blocks of space`]),
    ]
  })
  shell.type('\n')
  await endingOf(shell)
  return {endings: [groups?.['code'] ?? ''], wrong}
}

/** The guest writes until the file system below its overlay is full. */
export async function fillDisk({host, random}: Round): Promise<Outcome> {
  const run = await startInMemory(host, `${1 + Math.floor(random() * 4000)}k`, 'filling')
  return {struck: true, ...(await endInMemory(host, run))}
}

/** SIGKILL to vmrun at a random moment, with the space counted that is held afterwards. */
export async function killInMemory(round: Round): Promise<Outcome> {
  const run = await startInMemory(round.host, '64m', round.random() < 0.5 ? 'lasting' : 'filling')
  await randomMoment(run.shell, round)
  const struck = !run.shell.stdout.includes('ended with')
  if (struck) {
    process.kill(run.vmrun, 'SIGKILL')
  }

  return {struck, ...(await endInMemory(round.host, run))}
}
