import {expect, test} from 'vitest'
import {UsageError} from '../../src/errors.js'
import {findInstance} from '../../src/instances/find-instance.js'
import {readText} from './read-text.js'

const entry = (name: string) => JSON.stringify({name, image: 'i', 'timeout-seconds': 5, config: {}})

test('the instance of that name', async () => {
  const file = await readText(`[${entry('vm-1')}, ${entry('vm-2')}]`)
  expect(findInstance(file, 'vm-2')).toBe(file.instances[1])
})

test('warnings do not stand in the way', async () => {
  const file = await readText(`[${entry('vm-1')}, ${entry('vm-1')}]`)
  expect(file.problems).toHaveLength(1)
  expect(findInstance(file, 'vm-1').name).toBe('vm-1')
})

test('an unknown name is an error that lists the names there are and suggests the nearest', async () => {
  const file = await readText(`[${entry('linux-small')}, ${entry('linux-large')}]`)
  expect(() => findInstance(file, 'linux-larg')).toThrow(UsageError)
  expect(() => findInstance(file, 'linux-larg')).toThrow(
    expect.objectContaining({
      message: `no instance linux-larg in ${file.path}; it has: linux-small, linux-large`,
      hint: 'did you mean linux-large?',
    }),
  )
})

test('of very many names only the first are listed', async () => {
  const file = await readText(`[${Array.from({length: 1000}, (_, index) => entry(`vm-${index}`)).join()}]`)
  expect(() => findInstance(file, 'x')).toThrow(/vm-19 and 980 more$/u)
})

test('an empty file has no instance', async () => {
  const file = await readText('[]')
  expect(() => findInstance(file, 'x')).toThrow(/it has: none$/u)
})

test('the name asked for cannot act on the terminal', async () => {
  const file = await readText('[]')
  expect(() => findInstance(file, '\u001b[2J')).toThrow(String.raw`no instance \u001b[2J in`)
})
