import {mkdir, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {Command} from '../e2e/command.js'
import {secret, telltale} from './contents.js'
import {blockOf, readPage} from './page.js'
import {committer, publishTree, Repository} from './repository.js'
import {expectSuccess} from './shell.js'

/** A step of a job of GitHub Actions. */
interface Step {
  readonly name?: string
  readonly if?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, string>>
}

const page = await readPage('pre-commit.md')

/** The steps of a workflow, or of a part of one, as a reader of YAML that others wrote finds them. */
async function stepsOf(text: string): Promise<readonly Step[]> {
  const script = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.argv[1])))'
  const ending = await new Command('/usr/bin/python3', ['-c', script, text], {}, tmpdir()).ended
  expectSuccess(text, ending)
  const content = JSON.parse(ending.stdout)
  return Array.isArray(content) ? content : content.jobs.validate.steps
}

const annotating = await stepsOf(blockOf(page, '.github/workflows/instances.yml'))
const reporting = await stepsOf(blockOf(page, 'upload-sarif'))

/** The commands of a step. */
function commandsOf(steps: readonly Step[], name: string): string {
  const step = steps.find(one => one.name === name)
  return String(step?.run)
}

let parent = ''
/** With a secret and a mistake in it, and with vmrun installed as the workflow does it. */
let repository: Repository

beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'vmrun-test-'))
  const prefix = path.join(parent, 'prefix')
  const environment = {
    ...(await committer(parent, path.join(prefix, 'bin'))),
    npm_config_prefix: prefix,
    RUNNER_TEMP: path.join(parent, 'runner'),
  }
  await mkdir(environment.RUNNER_TEMP)
  await publishTree(parent, environment)
  repository = await Repository.with({'instances.json': telltale}, path.join(parent, 'checkout'), environment)
  await repository.type(commandsOf(annotating, 'Install vmrun'))
}, 900_000)

afterAll(() => rm(parent, {recursive: true, force: true}))

test('a workflow as the page has it shows each problem beside its line, and fails', async () => {
  const {exitCode, stdout} = await repository.try(commandsOf(annotating, 'Validate'))
  expect(stdout).toMatch(/^::error file=instances\.json,line=7,.*title=vmrun\/unknown-placeholder::/mu)
  expect(stdout).not.toContain(secret)
  expect(exitCode).toBe(2)
})

test('a workflow as the page has it fails with SARIF in the file that is uploaded whatever happened', async () => {
  const {exitCode} = await repository.try(commandsOf(reporting, 'Validate'))
  expect(exitCode).toBe(2)
  const upload = reporting.at(-1)
  expect(upload?.if).toBe('always()')
  const sarif = await repository.read(String(upload?.with?.['sarif_file']))
  expect(JSON.parse(sarif).runs[0].results).toMatchObject([
    {ruleId: 'vmrun/unknown-placeholder', level: 'error'},
  ])
  expect(sarif).not.toContain(secret)
})

test('a step that leaves the verdict to code scanning fails only where nothing was checked', async () => {
  const line = blockOf(page, 'test $?')
  await repository.write({'instances.json': '[{}]'})
  await repository.type(line)
  expect(JSON.parse(await repository.read('vmrun.sarif')).runs[0].results).not.toEqual([])
  await repository.type('rm instances.json')
  expect((await repository.try(line)).exitCode).toBe(1)
})
