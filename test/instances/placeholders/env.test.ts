import {expect, test} from 'vitest'
import {HostError} from '../../../src/errors/errors.js'
import {env} from '../../../src/instances/placeholders/sources.js'

async function variable(name: string, environment: NodeJS.ProcessEnv): Promise<string> {
  return await env.resolve(name, {environment, directory: '/'})
}

test('env gives the value of a variable as it is, the empty one too', async () => {
  expect(await variable('A', {A: ' x\n'})).toBe(' x\n')
  expect(await variable('A', {A: ''})).toBe('')
})

test.each(['A', 'toString', '__proto__'])('the variable %s, which is not set, is an error', async name => {
  await expect(variable(name, {})).rejects.toThrow(
    new HostError(`the environment variable ${name} is not set`),
  )
})
