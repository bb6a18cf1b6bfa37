import {readFile} from 'node:fs/promises'
import type {HostUser} from '../../contract/run.js'
import {HostError} from '../../errors/errors.js'
import {findOnPath} from '../../host/environment.js'

/** A program and its arguments. */
export type Command = readonly [string, ...string[]]

/** Makes a command into one that runs the same program, confined. */
export type Confine = (command: Command) => Command

export interface ConfinementOptions {
  /** Who it runs as; vmrun's own user without it. */
  readonly user?: HostUser | undefined
  /** Whether what it executes may get more privileges than itself, as a setuid program does. */
  readonly newPrivileges?: boolean
}

/**
 * Ties programs to vmrun's life, also to one that ends by SIGKILL, keeps them from getting more privileges, and has
 * them run as another user: by setpriv (util-linux), which keeps the process id. Where there is no setpriv, as outside
 * of Linux, programs are as free as vmrun itself.
 *
 * @param status what proc(5) says of this process
 * @throws HostError when another user is asked for and there is no setpriv
 */
export async function confinement(
  options: ConfinementOptions = {},
  status = '/proc/self/status',
): Promise<Confine> {
  const setpriv = await findSetpriv()
  if (setpriv !== undefined) {
    const capabilities = (await handsCapabilitiesOn(status)) ? handNothingOn : []
    return command => confined(command, [setpriv, ...capabilities], options)
  }

  if (isAnother(options.user)) {
    throw new HostError('without setpriv QEMU cannot run as another user than root', {
      hint: 'Install util-linux, run vmrun as an unprivileged user, or accept it with --user root.',
    })
  }

  return command => command
}

/** Finds setpriv; undefined where the system has none. */
export async function findSetpriv(): Promise<string | undefined> {
  return process.platform === 'linux' ? await findOnPath('setpriv') : undefined
}

/**
 * What no_new_privs leaves as it is: capabilities that vmrun was given to hand on, as by AmbientCapabilities= in a systemd
 * unit. capabilities(7)
 */
const handNothingOn = ['--inh-caps=-all', '--ambient-caps=-all']

/** proc_pid_status(5) */
const handedOn = /^Cap(?:Inh|Amb):\s*0*[1-9a-f]/mu

/** Not asked for in vain, as a setpriv that is older than the kernel does not know all capabilities, and refuses. */
async function handsCapabilitiesOn(status: string): Promise<boolean> {
  return handedOn.test(await readFile(status, 'utf8').catch(() => ''))
}

/**
 * Ends where vmrun died before its death could be noticed: from here on the kernel sees to it. `$0` is the id of
 * vmrun's process.
 */
const unlessOrphaned = '[ "$PPID" = "$0" ] && exec "$@"'

function confined(command: Command, setpriv: Command, {user, newPrivileges}: ConfinementOptions): Command {
  return [
    ...setpriv,
    // The signal follows the thread that starts the process, which in Node is always the main one: prctl(2).
    ...['--pdeathsig', 'KILL'],
    ...(newPrivileges ? [] : ['--no-new-privs']),
    ...(isAnother(user) ? identityArguments(user) : []),
    ...['--', '/bin/sh', '-c', unlessOrphaned, String(process.pid)],
    ...command,
  ]
}

/** The program that a command is for, whether or not it is confined; undefined where there is none. */
export function confinedProgram(command: readonly string[]): string | undefined {
  const script = command.indexOf(unlessOrphaned)
  // Behind the script is the id of vmrun's process, and then the command that was confined.
  return script === -1 ? command[0] : command[script + 2]
}

function isAnother(user: HostUser | undefined): user is HostUser {
  return user !== undefined && user.uid !== process.getuid?.()
}

function identityArguments({uid, gid, groups}: HostUser): readonly string[] {
  return [
    ...[`--reuid=${uid}`, `--regid=${gid}`],
    groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`,
  ]
}
