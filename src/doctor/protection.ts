import {userInfo} from 'node:os'
import {platform} from 'node:process'
import type {Architecture} from '../contract/architecture.js'
import type {Protection} from '../contract/instance.js'
import type {HostUser} from '../contract/run.js'
import {attempt, HostError} from '../errors/errors.js'
import {baseArguments} from '../qemu/command/arguments.js'
import {type Confine, confinement, findSetpriv} from '../qemu/fence/confine.js'
import {type OwnRights, qemuUser} from '../qemu/fence/qemu-user.js'
import {offersExitWithParent} from '../qemu/fence/sandbox.js'
import {askProgram} from '../qemu/programs/find-program.js'
import type {Finding} from './finding.js'

const isLinux = platform === 'linux'
const installSetpriv = 'Install util-linux, which has setpriv.'

/** Who QEMU runs as, and how. */
export interface ExaminedUser {
  readonly finding: Finding
  /** Undefined where it is vmrun's own user, and where there is none to be had. */
  readonly user?: HostUser | undefined
  /** Undefined where QEMU cannot be started as it should be. */
  readonly confine?: Confine | undefined
}

/**
 * Finds out who QEMU runs as.
 *
 * @param asked by `--user`
 * @param own what is known of this process
 * @throws UsageError when there is no such user, or when it is not for this user to choose
 */
export async function examineUser(asked: string | undefined, own?: OwnRights): Promise<ExaminedUser> {
  try {
    const user = await qemuUser(asked, own)
    return {finding: userFinding(user), user, confine: await confinement({user})}
  } catch (error) {
    if (!(error instanceof HostError)) {
      throw error
    }

    const {message, hint} = error
    return {finding: {check: 'user', subject: asked ?? ownName(), state: 'missing', message, hint}}
  }
}

/** @param user undefined when it is vmrun's own */
export function userFinding(user: HostUser | undefined): Finding {
  const subject = user?.name ?? ownName()
  const found = {check: 'user', subject} as const
  if (user?.uid === 0) {
    return {...found, state: 'poor', message: 'QEMU runs as root', hint: ownUser}
  }

  if (user !== undefined && subject === 'nobody') {
    const message =
      'QEMU runs as nobody: others that run as nobody could end it, and, without Yama, read its memory, in which the config is'
    return {...found, state: 'poor', message, hint: ownUser}
  }

  const who = user?.isTemporary ? `a number that nobody else has, such as ${subject}` : subject
  return {...found, state: 'good', message: `QEMU runs as ${who}${user === undefined ? ', like vmrun' : ''}`}
}

const ownUser = [
  'Make a user for QEMU alone; vmrun uses it by default:',
  '  useradd --system --no-create-home --shell /usr/sbin/nologin vmrun',
].join('\n')

/** The name of this user, or the number of one that has no name. */
export function ownName(): string {
  return attempt(() => userInfo().username) ?? String(process.getuid?.())
}

/**
 * Finds out what ends QEMU should vmrun be killed.
 *
 * @param programs each architecture's QEMU; without any, there may be nothing to be said
 */
export async function examineEndOfVmrun(programs: readonly string[]): Promise<Finding | undefined> {
  const found = {check: 'end-of-vmrun', subject: 'QEMU'} as const
  if ((await findSetpriv()) !== undefined) {
    const message = 'the kernel kills QEMU when vmrun ends (setpriv --pdeathsig KILL)'
    return {...found, state: 'good', message, by: 'setpriv'}
  }

  if (programs.length === 0) {
    return
  }

  const offered = await Promise.all(programs.map(program => offersExitWithParent(program)))
  const lasting = programs.filter((_, index) => !offered[index])
  if (lasting.length === 0) {
    const message = 'QEMU ends itself when vmrun ends (-run-with exit-with-parent=on)'
    return {...found, state: 'good', message, by: 'exit-with-parent'}
  }

  return {
    ...found,
    state: 'poor',
    message:
      'when vmrun is killed, a process that outlives it ends QEMU, or else the next run does: there is no setpriv, and ' +
      `${lasting.join(' and ')} cannot end by itself`,
    hint: isLinux ? installSetpriv : 'Install a QEMU whose -help names exit-with-parent.',
    by: 'reaper',
  }
}

const noNewPrivileges = /^NoNewPrivs:\t1$/mu

/** Starts a program as QEMU is started, and looks whether it may get more privileges: proc_pid_status(5). */
export async function examinePrivileges(confine: Confine): Promise<Finding> {
  const {stdout, failure} = await askProgram(confine(['/bin/cat', '/proc/self/status']))
  const look = {check: 'no-new-privs', subject: 'QEMU'} as const
  if (noNewPrivileges.test(stdout)) {
    return {...look, state: 'good', message: 'QEMU can never get more privileges'}
  }

  if (isLinux && failure !== undefined) {
    return {
      ...look,
      state: 'missing',
      message: `no program can be started with the rights that QEMU gets: ${failure}`,
      hint: 'In a container, give vmrun the capabilities KILL, SETUID and SETGID, or run it as an ordinary user.',
    }
  }

  const message = 'QEMU may get more privileges until its own filter is in force'
  return {...look, state: 'poor', message, ...(isLinux && {hint: installSetpriv})}
}

/**
 * Starts a QEMU as a run does, with its filter and with its rights, and has it list something instead of making a
 * machine: it does that once the kernel has taken the filter (QEMU, system/vl.c, qemu_process_help_options).
 *
 * @param relax the protections that it is run without
 */
export async function examineSandbox(
  {name: subject}: Pick<Architecture, 'name'>,
  program: string,
  confine: Confine,
  relax?: readonly Protection[],
): Promise<Finding> {
  const look = {check: 'sandbox', subject} as const
  const {failure} = await askProgram(confine([program, ...baseArguments(relax), '-cpu', 'help']))
  if (failure !== undefined) {
    const message = `QEMU does not start as it should: ${failure}`
    return {...look, state: 'missing', message, ...(filter.test(failure) && {hint: seccomp})}
  }

  return isLinux
    ? {...look, state: 'good', message: 'QEMU starts with its seccomp filter'}
    : {...look, state: 'poor', message: 'QEMU has a filter on Linux only'}
}

/** What QEMU complains of when it cannot have its filter. */
const filter = /sandbox|seccomp/iu

const seccomp =
  'Install a QEMU that is built with seccomp. In a container, also let programs make seccomp filters of their own.'

/** @param forbidden whether a crash of vmrun's can leave no core, in which the secrets would be that it knows */
export function coreDumpsFinding(forbidden: boolean): Finding {
  const look = {check: 'core-dumps', subject: 'vmrun'} as const
  if (forbidden) {
    return {...look, state: 'good', message: 'vmrun leaves no core, should it crash'}
  }

  return {
    ...look,
    state: 'poor',
    message: 'should vmrun crash, the secrets of a config may be in its core',
    hint:
      'Install util-linux, which has prlimit. In a systemd unit, set LimitCORE=1: with 0, the kernel still hands the ' +
      'core to a program such as systemd-coredump.',
  }
}
