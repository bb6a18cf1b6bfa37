import {readFile} from 'node:fs/promises'
import type {HostUser} from '../../contract/run.js'

/** Bits of the capabilities that it takes, also to end it again: capabilities(7), CAP_KILL, CAP_SETGID and CAP_SETUID. */
const capabilities = [5n, 6n, 7n]
const effectiveCapabilities = /^CapEff:\s*(?<mask>[\da-f]+)/mu

/**
 * Why this process cannot run anything as another user, in words that follow "vmrun cannot run QEMU as …: "; undefined
 * when it can. Root in a user namespace or in a container may not have what it takes. On Linux only.
 *
 * @param own what proc(5) has of this process
 */
export async function whyNoSwitch(
  {uid, gid}: Pick<HostUser, 'uid' | 'gid'>,
  own = '/proc/self',
): Promise<string | undefined> {
  const [users, groups, setgroups, status] = await Promise.all(
    ['uid_map', 'gid_map', 'setgroups', 'status'].map(name =>
      readFile(`${own}/${name}`, 'utf8').catch(() => undefined),
    ),
  )
  if (!(isMapped(uid, users) && isMapped(gid, groups)) || setgroups?.trim() === 'deny') {
    return 'it does not exist in this user namespace'
  }

  const mask = effectiveCapabilities.exec(status ?? '')?.groups?.['mask']
  return mask === undefined || capabilities.every(bit => ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n)
    ? undefined
    : 'it takes the capabilities CAP_KILL, CAP_SETUID and CAP_SETGID'
}

/** Whether this process is in another user namespace than the host's first: there, root is an ordinary user outside. */
export async function isInUserNamespace(own = '/proc/self'): Promise<boolean> {
  const map = await readFile(`${own}/uid_map`, 'utf8').catch(() => undefined)
  return map !== undefined && !isWhole(map)
}

/** All ids, each as itself. */
function isWhole(map: string): boolean {
  return map.trim().split(whiteSpace).join(' ') === '0 0 4294967295'
}

const whiteSpace = /\s+/u

/** user_namespaces(7): each line has the first id inside, the first one outside, and how many. */
function isMapped(id: number, map: string | undefined): boolean {
  return (
    map === undefined ||
    map.split('\n').some(line => {
      const [first = 0, , count = 0] = line.trim().split(whiteSpace).map(Number)
      return id >= first && id < first + count
    })
  )
}
