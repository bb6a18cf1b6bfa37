import {expect, inject, test} from 'vitest'
import {temporaryDirectory} from '../temporary-directory.js'
import {instances, mistaken, secret, telltale} from './contents.js'
import {blockOf, readPage} from './page.js'
import {committer, Repository} from './repository.js'

test('with husky and lint-staged as the page has them, what does not hold is refused', async () => {
  const page = await readPage('pre-commit.md')
  const repository = await Repository.with(
    {'package.json': '{}', '.gitignore': 'node_modules\n'},
    await temporaryDirectory(),
    await committer(await temporaryDirectory(), inject('packed').programs),
  )
  await repository.type(blockOf(page, 'husky init'))
  const files = ['.lintstagedrc.json', '.husky/pre-commit']
  await repository.write(Object.fromEntries(files.map(file => [file, blockOf(page, file)])))
  const refused = await repository.commit({'a/instances.json': telltale})
  expect(refused.output).toContain('error[vmrun/unknown-placeholder]')
  expect(refused.output).toContain('--> a/instances.json:7:')
  expect(refused.output).not.toContain(secret)
  expect(refused).toMatchObject({isCommitted: false, exitCode: 1})
  const committed = await repository.commit({'a/instances.json': instances(), 'b.json': mistaken})
  expect(committed).toMatchObject({isCommitted: true, exitCode: 0})
})
