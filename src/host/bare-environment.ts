import path from 'node:path'

/**
 * What programs that vmrun starts get to see of its own environment: not the secrets that may be in it. Of `PATH` only the
 * directories that are absolute, so that nothing is started that merely lies where vmrun happens to be.
 */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const {PATH: programs, LD_LIBRARY_PATH: libraries, TMPDIR: temporary} = process.env
  const directories = (programs ?? '').split(path.delimiter).filter(directory => path.isAbsolute(directory))
  const all = {
    PATH: directories.length === 0 ? undefined : directories.join(path.delimiter),
    LD_LIBRARY_PATH: libraries,
    TMPDIR: temporary,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
