const asRoot = process.getuid?.() === 0

/** Runs its arguments where mounts are its own; root is not needed. */
export const ownMounts: readonly string[] = ['unshare', '--mount', ...(asRoot ? [] : ['--map-root-user'])]

/** The same, with a shell script that gets what follows as its `"$@"`. */
export function scriptWithOwnMounts(script: string): readonly string[] {
  return [...ownMounts, 'sh', '-c', script, 'sh']
}

/** Runs its arguments as a user without rights, who owns nothing here: as root somebody else, otherwise whoever it is. */
export const asNobody: readonly string[] = asRoot
  ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
  : ['env']

/** Has vmrun, as root, run QEMU as root too: whatever is put before QEMU may then do what vmrun may. */
export const sameUser: readonly string[] = asRoot ? ['--user', 'root'] : []
