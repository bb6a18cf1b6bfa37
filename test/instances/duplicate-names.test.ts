import {expect, test} from 'vitest'
import {problemsOf, readText} from './read-text.js'

const first = '{"name": "a", "image": "i", "timeout-seconds": 5, "config": {"x": [1, 2], "y": {"z": 1}}}'

test.each([
  ['the same text', first],
  [
    'another order of keys',
    '{"config": {"y": {"z": 1}, "x": [1, 2]}, "timeout-seconds": 5, "image": "i", "name": "a"}',
  ],
  ['a default written out', first.replace('"a",', '"a", "ram": "1G", "config-disk": {"kind": "cdrom"},')],
  ['another way to the same image', first.replace('"i"', '"./i"')],
])('a second entry of one name with the same content is a warning: %s', async (_, second) => {
  const file = await readText(`[\n${first},\n${second}]`)
  expect(file.instances).toHaveLength(1)
  expect(file.problems).toMatchObject([
    {
      severity: 'warning',
      line: 3,
      instance: 'a',
      message: expect.stringMatching(
        /^"a" is listed twice with the same content, first at line 2, column (?:10|\d\d)$/u,
      ),
    },
  ])
})

test.each([
  ['a key', first.replace('5', '6')],
  ['a value deep in the configuration', first.replace('"z": 1', '"z": 2')],
  ['the order of an array', first.replace('[1, 2]', '[2, 1]')],
  ['a further key', first.replace('"a",', '"a", "ssh-port": 22,')],
])('a second entry of one name that differs in %s is an error', async (_, second) => {
  expect(await problemsOf(`[\n${first},\n${second}]`)).toEqual([
    '3:10: error: "a" is listed twice with different content, first at line 2, column 10 ' +
      '(nobody can tell which is meant: rename or remove one of the two)',
  ])
})

test.each([
  ['of the same content, a warning', `[${first.replace('5', '0')}, ${first.replace('5', '0')}]`, 'warning'],
  ['of different content, an error', `[${first.replace('5', '0')}, ${first}]`, 'error'],
])('entries that do not hold are compared too: %s', async (_, text, severity) => {
  const {problems} = await readText(text)
  expect(problems.filter(({rule}) => rule === 'vmrun/duplicate-name')).toMatchObject([{severity}])
})

test('names that differ in case are two instances', async () => {
  const file = await readText(`[${first}, ${first.replace('"a"', '"A"')}]`)
  expect(file.problems).toEqual([])
  expect(file.instances.map(({name}) => name)).toEqual(['a', 'A'])
})
