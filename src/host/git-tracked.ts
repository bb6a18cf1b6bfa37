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
  // Whoever can write to the repository names a program in `core.fsmonitor`. Variables that a git which runs vmrun as
  // its hook has set are about another directory than this one.
  const options = ['--literal-pathspecs', '-c', 'core.fsmonitor=false', '-C', path.dirname(file)]
  const {failed} = await execa(
    'git',
    [...options, 'ls-files', '--error-unmatch', '--', path.basename(file)],
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
