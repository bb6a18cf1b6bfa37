import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {homedir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {Command, type Ending} from '../e2e/command.js'
import {npmSetup} from './npm.js'
import {expectSuccess} from './shell.js'

const tree = fileURLToPath(new URL('../..', import.meta.url))

/** How docs/pre-commit.md calls the repository of vmrun, and a version in it. */
const address = 'https://git.example.com/vmrun.git'
const version = 'v0.1.0'

/**
 * The environment of somebody who commits: npm is set up as for whoever runs the tests, and nothing else is. What is kept
 * from one commit to the next is in `directory`, and so is the repository of vmrun that they find at its address.
 *
 * @param programs directories of programs that are installed
 */
export async function committer(
  directory: string,
  ...programs: readonly string[]
): Promise<NodeJS.ProcessEnv> {
  return {
    ...(await npmSetup()),
    ...gitSettings({
      'init.defaultBranch': 'main',
      'user.name': 'Nobody',
      'user.email': 'nobody@example.com',
      [`url.file://${repositoryIn(directory)}.insteadOf`]: address,
    }),
    PATH: [...programs, process.env['PATH']].join(':'),
    HOME: homedir(),
    PRE_COMMIT_HOME: path.join(directory, 'pre-commit'),
    XDG_CACHE_HOME: path.join(directory, 'cache'),
    XDG_CONFIG_HOME: path.join(directory, 'config'),
    XDG_DATA_HOME: path.join(directory, 'data'),
  }
}

/** Makes vmrun's repository for a committer: of what is in this tree, committed or not. */
export async function publishTree(directory: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const ofTree = {...environment, GIT_DIR: repositoryIn(directory), GIT_WORK_TREE: tree}
  const lines = `git init --quiet && git add --all && git commit --quiet --message All && git tag ${version}`
  expectSuccess(lines, await new Command('sh', ['-c', lines], ofTree, tree).ended)
}

function repositoryIn(directory: string): string {
  return path.join(directory, 'vmrun.git')
}

/** Variables that set up git, and keep it from what is set up elsewhere. No file does: pre-commit passes none on to git. */
function gitSettings(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = {GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1'}
  for (const [index, [key, value]] of Object.entries(settings).entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key
    variables[`GIT_CONFIG_VALUE_${index}`] = value
  }

  return {...variables, GIT_CONFIG_COUNT: String(Object.keys(settings).length)}
}

/** What came of an attempt to commit. */
export interface Attempt {
  readonly isCommitted: boolean
  readonly exitCode: number | null
  /** All that was printed. */
  readonly output: string
}

/** The repository of somebody who has instances. */
export class Repository {
  readonly #directory: string
  readonly #environment: NodeJS.ProcessEnv

  private constructor(directory: string, environment: NodeJS.ProcessEnv) {
    this.#directory = directory
    this.#environment = environment
  }

  /** One with a first commit of some files, by their paths. */
  static async with(
    files: Readonly<Record<string, string>>,
    directory: string,
    environment: NodeJS.ProcessEnv,
  ): Promise<Repository> {
    const repository = new Repository(directory, environment)
    await mkdir(directory, {recursive: true})
    await repository.type('git init --quiet')
    await repository.write(files)
    await repository.type('git add --all')
    await repository.type('git commit --quiet --message First')
    return repository
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [file, content] of Object.entries(files)) {
      const target = path.join(this.#directory, file)
      await mkdir(path.dirname(target), {recursive: true})
      await writeFile(target, content)
    }
  }

  async read(file: string): Promise<string> {
    return await readFile(path.join(this.#directory, file), 'utf8')
  }

  /** Runs commands until one fails, as a step of GitHub Actions does. */
  async try(lines: string): Promise<Ending> {
    return await new Command('bash', ['-e', '-c', lines], this.#environment, this.#directory).ended
  }

  /** Runs commands that have to work. @returns what they printed */
  async type(lines: string): Promise<string> {
    const ending = await this.try(lines)
    expectSuccess(lines, ending)
    return ending.stdout
  }

  /** Commits some files, and everything else that was changed. */
  async commit(files: Readonly<Record<string, string>>): Promise<Attempt> {
    await this.write(files)
    await this.type('git add --all')
    return await this.commitStaged()
  }

  /** Commits what is staged. */
  async commitStaged(): Promise<Attempt> {
    const before = await this.type('git rev-parse HEAD')
    const {exitCode, stdout, stderr} = await this.try('git commit --message Change')
    const after = await this.type('git rev-parse HEAD')
    return {isCommitted: after !== before, exitCode, output: `${stdout}${stderr}`}
  }
}
