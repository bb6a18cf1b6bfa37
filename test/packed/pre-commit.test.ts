import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {temporaryDirectory} from '../temporary-directory.js'
import {doubtful, instances, mistaken} from './contents.js'
import {packedExample} from './example.js'
import {blockOf, readPage} from './page.js'
import {committer, publishTree, Repository} from './repository.js'
import {Shell} from './shell.js'

const page = await readPage('pre-commit.md')
const configuration = blockOf(page, '.pre-commit-config.yaml')
const hook = /^ *- id: .*\n/mu

/** The page's configuration, with one more line about the hook. */
function configurationWith(line: string): string {
  return configuration.replace(hook, `$&        ${line}\n`)
}

let parent = ''
let environment: NodeJS.ProcessEnv = {}

/** A repository where the hook is installed, as the page's configuration has it, or another. */
async function hooked(config: string = configuration, further: NodeJS.ProcessEnv = {}): Promise<Repository> {
  const repository = await Repository.with({'.pre-commit-config.yaml': config}, await temporaryDirectory(), {
    ...environment,
    ...further,
  })
  await repository.type(blockOf(page, 'pre-commit install'))
  return repository
}

beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'vmrun-test-'))
  environment = await committer(parent)
  await publishTree(parent, environment)
  const files = {'.pre-commit-config.yaml': configuration}
  const repository = await Repository.with(files, path.join(parent, 'first'), environment)
  // What takes long, once for all tests.
  await repository.type('pre-commit install --install-hooks')
}, 900_000)

afterAll(() => rm(parent, {recursive: true, force: true}))

describe('where pre-commit is set up as the page says', () => {
  test('files that hold are committed, though there are no images', async () => {
    const repository = await hooked()
    const attempt = await repository.commit({'instances.json': instances(), 'a/instances.json': instances()})
    expect(attempt).toMatchObject({isCommitted: true, exitCode: 0})
    expect(attempt.output).toMatch(/validate instances files of vmrun\.+Passed/u)
  })

  test('a mistake is not committed: it is shown as on the page, with its line and its rule', async () => {
    const repository = await hooked()
    const attempt = await repository.commit({'instances.json': mistaken})
    expect(attempt).toMatchObject({isCommitted: false, exitCode: 1})
    expect(attempt.output).toContain(blockOf(page, 'exit code: 2'))
  })

  test('what is staged is looked at, not what is on disk', async () => {
    const repository = await hooked()
    await repository.write({'instances.json': instances()})
    await repository.type('git add --all')
    await repository.write({'instances.json': mistaken})
    expect(await repository.commitStaged()).toMatchObject({isCommitted: true})
    await repository.type('git add --all')
    await repository.write({'instances.json': instances()})
    expect(await repository.commitStaged()).toMatchObject({isCommitted: false})
  })

  test('instances.json, and names such as instances.example.json, are looked at in every directory, and counted in one line', async () => {
    const names = [
      'instances.json',
      'instances.a.b-c.json',
      'a/b c/instances.json',
      'a/instances.example.json',
      ...Array.from({length: 16}, (_, index) => `hosts/${index}/instances.json`),
    ]
    const attempt = await (await hooked()).commit(Object.fromEntries(names.map(name => [name, mistaken])))
    const found = Array.from(attempt.output.matchAll(/--> (?<place>.*)/gu), ({groups}) => groups?.['place'])
    expect(new Set(found)).toEqual(new Set(names.map(name => `${name}:6:5`)))
    expect(attempt.output).toContain('\n20 files: 20 errors, 0 warnings\n')
  })

  test('files with other names are not looked at', async () => {
    const names = [
      'my-instances.json',
      'my-instances.json.bak',
      'instances.json.bak',
      'instances.jsonl',
      'instances-json',
      'instances.schema.json',
      'instances.json/other.json',
      'package.json',
    ]
    const attempt = await (await hooked()).commit(Object.fromEntries(names.map(name => [name, mistaken])))
    expect(attempt.output).toContain('(no files to check)Skipped')
    expect(attempt.isCommitted).toBe(true)
  })
})

describe('what can be said about the hook', () => {
  test('a warning lets a commit pass, and verbose: true shows it', async () => {
    const repository = await hooked(configurationWith('verbose: true'))
    const {output, isCommitted} = await repository.commit({'instances.json': doubtful})
    expect(output).toContain('Passed')
    expect(output).toContain('warning[vmrun/duplicate-name]')
    expect(output).toContain('1 file: 0 errors, 1 warning')
    expect(isCommitted).toBe(true)
  })

  test('with the arguments that the page shows, each problem is one line, and a warning is refused', async () => {
    const shown = blockOf(page, 'args: ')
    const repository = await hooked(configuration.replace(hook, shown))
    const {output, isCommitted} = await repository.commit({'instances.json': doubtful})
    expect(output).toMatch(
      /^instances\.json:\d+:\d+: error: .* \[vmrun\/duplicate-name\]\n1 file: 1 error, /mu,
    )
    expect(isCommitted).toBe(false)
  })

  test('files with other names are looked at where it says so', async () => {
    const [, line = ''] = /`(?<line>files: [^`]+)`/u.exec(page) ?? []
    const repository = await hooked(configurationWith(line))
    const {output, isCommitted} = await repository.commit({'linux.vmrun.json': mistaken})
    expect(output).toContain('--> linux.vmrun.json:6:5')
    expect(isCommitted).toBe(false)
  })

  test('a file is left out where it says so', async () => {
    const shown = blockOf(page, 'exclude: ')
    const repository = await hooked(configuration.replace(hook, shown))
    expect(await repository.commit({'instances.s390x.json': mistaken})).toMatchObject({isCommitted: true})
    expect(await repository.commit({'instances.json': mistaken})).toMatchObject({isCommitted: false})
  })
})

test('the plugins are those of whoever commits', async () => {
  const shell = await Shell.with()
  const plugin = await packedExample('vmrun-plugin-s390x', await temporaryDirectory())
  await shell.type(`vmrun plugins install ${plugin}`)
  const files = {'instances.json': instances({arch: 's390x'})}
  const without = await (await hooked()).commit(files)
  expect(without.output).toContain('s390x')
  expect(without.isCommitted).toBe(false)
  const data = {XDG_DATA_HOME: shell.host.path('data')}
  expect(await (await hooked(configuration, data)).commit(files)).toMatchObject({isCommitted: true})
})
