import path from 'node:path'

/**
 * What programs that vmrun starts get to see of its own environment: not the secrets that may be in it. Of the directories
 * that programs and libraries are looked for in only those that are absolute, so that nothing is executed that merely lies
 * where vmrun happens to be.
 */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const {PATH: programs, LD_LIBRARY_PATH: libraries, TMPDIR: temporary} = process.env
  const all = {
    PATH: absoluteOf(programs),
    LD_LIBRARY_PATH: absoluteOf(libraries),
    TMPDIR: temporary,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

function absoluteOf(directories = ''): string | undefined {
  const absolute = directories.split(path.delimiter).filter(directory => path.isAbsolute(directory))
  return absolute.length === 0 ? undefined : absolute.join(path.delimiter)
}
