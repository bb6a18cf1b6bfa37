import {expect, test} from 'vitest'
import {problemsOf, readText} from './read-text.js'

const seed = '"name": "a", "image": "i", "timeout-seconds": 5, "config": {}'

test('an ssh-port without a network card is an error at the port', async () => {
  expect(await problemsOf(`[{${seed}, "network": "none",\n"ssh-port": 2222}]`)).toEqual([
    '2:13: error: ssh-port: there is no network card that it could lead to ' +
      '(leave it out, or set "network" to "isolated": forwarded ports work there, and nothing else)',
  ])
})

test('it is a rule of its own, and found whatever is wrong with other keys', async () => {
  const {problems} = await readText(`[{${seed}, "network": "none", "ssh-port": 2222, "ram": 4, "cores": 2}]`)
  expect(problems.map(({rule}) => rule)).toEqual([
    'vmrun/port-without-network',
    'vmrun/invalid-value',
    'vmrun/unknown-key',
  ])
})

test.each(['"network": "nine", "ssh-port": 2222', '"network": "none", "ssh-port": 0'])(
  'nothing is said about the port where %s is wrong by itself',
  async keys => {
    const {problems} = await readText(`[{${seed}, ${keys}}]`)
    expect(problems.map(({rule}) => rule)).toEqual(['vmrun/invalid-value'])
  },
)

test.each([
  '"network": "isolated", "ssh-port": 2222',
  '"network": "user", "ssh-port": 2222',
  '"network": "none"',
])('%s is fine', async keys => {
  expect(await problemsOf(`[{${seed}, ${keys}}]`)).toEqual([])
})
