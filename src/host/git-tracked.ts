import {realpath} from 'node:fs/promises'
import path from 'node:path'
import {bareEnvironment} from './bare-environment.js'

/** How long git may take, in milliseconds. */
const limit = 10_000

/**
 * Whether the index of a git repository has the file: what is committed, or is about to be. False as well where git
 * cannot tell, as without git.
 */
export async function isTrackedByGit(file: string): Promise<boolean> {
  const {execa} = await import('execa')
  const real = await realpath(file).catch(() => file)
  // Nothing of the repository is run, though whoever can write to it names a program in `core.fsmonitor`: so it may be
  // anybody's. Variables that a git which runs vmrun as its hook has set are about another directory than this one.
  const settings = ['-c', 'core.fsmonitor=false', '-c', 'safe.directory=*']
  const options = ['--literal-pathspecs', ...settings, '-C', path.dirname(real)]
  const {failed} = await execa(
    'git',
    [...options, 'ls-files', '--error-unmatch', '--', path.basename(real)],
    {
      reject: false,
      timeout: limit,
      stdio: 'ignore',
      extendEnv: false,
      env: {...bareEnvironment(), ...configurationOf(process.env)},
    },
  )
  return !failed
}

/** Where git finds whose repositories its user trusts. */
function configurationOf({HOME, XDG_CONFIG_HOME}: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {...(HOME !== undefined && {HOME}), ...(XDG_CONFIG_HOME !== undefined && {XDG_CONFIG_HOME})}
}
