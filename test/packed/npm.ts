import {execFile} from 'node:child_process'
import {homedir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'

const settings = {npm_config_audit: 'false', npm_config_fund: 'false', npm_config_prefer_offline: 'true'}

/** Variables by which npm is told what it is to use, and how it gets there. */
const ofNpm = /^npm_config_|_proxy$|^NODE_EXTRA_CA_CERTS$/iu

/**
 * Runs npm as it is set up for whoever runs the tests: from its registry, or its cache, come the packages that vmrun and
 * the examples depend on.
 *
 * @returns what it printed
 */
export async function npm(directory: string, ...words: readonly string[]): Promise<string> {
  const {stdout} = await promisify(execFile)('npm', [...words, '--silent'], {
    cwd: directory,
    env: {...process.env, ...settings},
  })
  return stdout
}

/** The environment in which npm is set up in the same way, though the home directory is another. */
export async function npmSetup(): Promise<NodeJS.ProcessEnv> {
  const inherited = Object.entries(process.env).filter(([name]) => ofNpm.test(name))
  return {
    npm_config_userconfig: path.join(homedir(), '.npmrc'),
    npm_config_cache: (await npm(homedir(), 'config', 'get', 'cache')).trim(),
    ...Object.fromEntries(inherited),
    ...settings,
  }
}
