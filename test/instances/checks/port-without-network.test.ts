import {expect, test} from 'vitest'
import {problemsOf} from '../read-text.js'

const seed = '"name": "a", "image": "i", "timeout-seconds": 5, "config": {}'

test('an ssh-port without a network card is an error at the port', async () => {
  expect(await problemsOf(`[{${seed}, "network": "none",\n"ssh-port": 2222}]`)).toEqual([
    '2:13: error: ssh-port: there is no network card that it could lead to ' +
      '(leave it out, or set "network" to "isolated": forwarded ports work there, and nothing else)',
  ])
})

test.each([
  '"network": "isolated", "ssh-port": 2222',
  '"network": "user", "ssh-port": 2222',
  '"network": "none"',
])('%s is fine', async keys => {
  expect(await problemsOf(`[{${seed}, ${keys}}]`)).toEqual([])
})
