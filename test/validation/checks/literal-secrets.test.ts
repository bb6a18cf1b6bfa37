import {expect, test} from 'vitest'
import {findLiteralSecrets} from '../../../src/validation/checks/literal-secrets.js'
import {foundBy} from '../checked.js'
import {sampleToken} from '../sample-secrets.js'

test('a secret is a warning that names its kind and a placeholder, and does not show it', async () => {
  const found = await foundBy(findLiteralSecrets, {config: {job: {runnerToken: `Bearer ${sampleToken}`}}})
  expect(found).toMatchObject([
    {
      rule: 'vmrun/literal-secret',
      severity: 'warning',
      message: 'config.job.runnerToken holds what looks like a GitHub token, in a file that git tracks',
      hint: expect.stringContaining('${{ env:RUNNER_TOKEN }}'),
      at: ['config', 'job', 'runnerToken'],
    },
  ])
  expect(JSON.stringify(found)).not.toContain(sampleToken.slice(4, 12))
})

test.each([
  [{tokens: [sampleToken]}, 'TOKENS'],
  [{'github token': sampleToken}, 'GITHUB_TOKEN'],
  [{'1': sampleToken}, 'SECRET'],
  [{é: sampleToken}, 'SECRET'],
])('of %j the variable is called %s', async (config, variable) => {
  expect(await foundBy(findLiteralSecrets, {config})).toMatchObject([
    {hint: expect.stringContaining(`\${{ env:${variable} }}`)},
  ])
})

test('a placeholder is none', async () => {
  expect(await foundBy(findLiteralSecrets, {config: {token: '${{ env:GITHUB_TOKEN }}'}})).toEqual([])
})
