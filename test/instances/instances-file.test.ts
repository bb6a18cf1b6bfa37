import {execFileSync} from 'node:child_process'
import {realpath, writeFile} from 'node:fs/promises'
import {dirname, join, relative} from 'node:path'
import {cwd} from 'node:process'
import {expect, test} from 'vitest'
import {readInstancesFile} from '../../src/instances/instances-file.js'
import {releases} from '../releases.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {problemsOf, readText} from './read-text.js'

const host = {hostArchitecture: 'x86_64', instanceKeys: []}
const seed = '"image": "a.qcow2", "timeout-seconds": 5, "config": {}'

test('the example of the format reads as one instance, with one warning', async () => {
  const file = await readInstancesFile('instances.example.json', host)
  expect(file.instances).toEqual([
    {
      name: 'vm-1',
      image: join(cwd(), 'ubuntu-amd64.qcow2'),
      'timeout-seconds': 14_400,
      config: {repo: 'example/project', token: '${{ env:RUNNER_TOKEN }}'},
      arch: 'x86_64',
      'cpu-cores': 4,
      ram: '4G',
      'root-disk': '80G',
      'guest-agent': false,
      'config-disk': {kind: 'cdrom'},
      accelerator: 'auto',
      network: 'user',
      reboot: 'allow',
      relax: [],
      'start-seconds': 60,
      'grace-seconds': 60,
    },
  ])
  expect(file.problems).toMatchObject([{severity: 'warning', file: 'instances.example.json', line: 12}])
})

test('paths of images are relative to the file, wherever vmrun was started', async () => {
  const file = await readText(
    `[{"name": "a", ${seed}, "backing-files": ["below", "/b"]}, {"name": "b", "image": "/b", "timeout-seconds": 5, "config": {}}]`,
  )
  expect(file.directory).toBe(dirname(file.path))
  expect(file.instances.map(({image}) => image)).toEqual([join(file.directory, 'a.qcow2'), '/b'])
  expect(file.instances.map(instance => instance['backing-files'])).toEqual([
    [join(file.directory, 'below'), '/b'],
    undefined,
  ])
  const again = await readInstancesFile(relative(cwd(), file.path), host)
  expect(again.path).toBe(relative(cwd(), file.path))
  expect(await realpath(again.directory)).toBe(file.directory)
})

test('a path in a file behind a link leads where the kernel goes, which is not where the text does', async () => {
  const {root} = await releases()
  const [image, missing] = ['../images/a.qcow2', 'nosuch/../a.qcow2']
  await writeFile(
    `${root}/current/instances.json`,
    JSON.stringify([{name: 'a', image, 'backing-files': [missing], 'timeout-seconds': 5, config: {}}]),
  )
  const {instances} = await readInstancesFile(`${root}/current/instances.json`, host)
  expect(instances).toMatchObject([
    {image: `${root}/current/../images/a.qcow2`, 'backing-files': [`${root}/current/nosuch/../a.qcow2`]},
  ])
})

test('the paths in a file without a place of its own are relative to the working directory', async () => {
  expect((await readInstancesFile('/dev/fd/4711', host)).directory).toBe(cwd())
})

test.each([
  ['true', 'the instances file does not exist'],
  ['mkdir x', 'the instances file is a directory, not a file'],
  ['mkfifo x', 'the instances file is a pipe, not a file'],
  ['truncate -s 16777217 x', 'the file is larger than 16 MiB'],
])(
  'a file that cannot be read is one problem without a place, and is not waited for: %s',
  async (command, message) => {
    const directory = await temporaryDirectory()
    execFileSync('sh', ['-c', command], {cwd: directory})
    const {instances, problems} = await readInstancesFile(join(directory, 'x'), host)
    expect(instances).toEqual([])
    expect(problems).toMatchObject([{severity: 'error', message, file: join(directory, 'x')}])
    expect(problems[0]).not.toHaveProperty('line')
  },
)

test.each([
  ['2:2', 'is not UTF-8: this byte begins no character', Buffer.from('[\n"\u00ff"]', 'latin1')],
  [
    '1:4',
    'is not UTF-8: this byte begins no character',
    Buffer.concat([Buffer.from('["é'), Buffer.of(0xef, 0xbf)]),
  ],
  ['1:1', 'is not UTF-8: this byte begins no character', Buffer.from('\ufeff[]', 'utf16le')],
  ['1:1', 'begins with a byte order mark, which JSON does not allow', '\ufeff[7]'],
])('at %s a file %s: that is all that is told', async (place, what, bytes) => {
  expect(await problemsOf(bytes)).toEqual([
    expect.stringContaining(`${place}: error: the file ${what} (save it as`),
  ])
})

test('of a file that is no JSON, the first mistake is told with its place, and nothing of what the file means', async () => {
  expect(await problemsOf(`[\r\n  {"rma": "4G", ${seed},}, {name: "b"}\r\n]`)).toEqual([
    `2:${`  {"rma": "4G", ${seed},`.length}: error: a comma that has no value before or behind it (remove it, or write the value)`,
  ])
})

const one = `[{"name": "a", ${seed}}]`
const notAnArray = 'error: the file must hold an array of instances, not'
const writeOne = '(write [{…}], even for one instance)'

test.each([
  ['{"name": "a"}', `1: ${notAnArray} an object ${writeOne}`],
  ['null', `1: ${notAnArray} null ${writeOne}`],
  ['"a"', `1: ${notAnArray} a string ${writeOne}`],
  ['{"instance": []}', '2: error: unknown key "instance" beside "instances" (did you mean instances?)'],
  [
    '{"a": 1}',
    '2: error: unknown key "a" beside "instances" (the keys of the file are $schema and instances)',
    '1: error: instances is missing: it must be an array of instances (write {"instances": [{…}]})',
  ],
  ['{"instances": {}}', `15: error: instances must be an array of instances, not an object ${writeOne}`],
  [
    `{"$schema": 1, "instances": ${one}}`,
    '13: error: $schema must be a string: the path or URL of a JSON Schema',
  ],
  [' []', '2: warning: the file holds no instance'],
])('%s is a file that does not hold', async (text, ...problems) => {
  expect(new Set(await problemsOf(text))).toEqual(new Set(problems.map(problem => `1:${problem}`)))
})

test('every problem of every entry is found, in the order of the file; the entries that hold remain', async () => {
  const text = `[
  {"name": "a", ${seed},
   "ram": "4GB", "cores": 4},
  7,
  {"name": "b", ${seed}},
  {"name": "c", ${seed},
   "ssh-port": 0}
]`
  expect(await problemsOf(text)).toEqual([
    expect.stringMatching(/^3:11: error: ram must be/u),
    expect.stringMatching(/^3:18: error: unknown key "cores" \(did you mean cpu-cores\?\)$/u),
    '4:3: error: an instance must be an object, not a number',
    expect.stringMatching(/^7:16: error: ssh-port must be/u),
  ])
  const {instances, problems} = await readText(text)
  expect(instances.map(({name}) => name)).toEqual(['b'])
  expect(problems.map(({instance, key}) => [instance, key])).toEqual([
    ['a', 'ram'],
    ['a', 'cores'],
    [undefined, undefined],
    ['c', 'ssh-port'],
  ])
})

test('the instances may be in an object, with a schema for editors beside them', async () => {
  const {instances, problems} = await readText(
    `{"$schema": "./instances.schema.json", "instances": [{"name": "a", ${seed}}, {"name": "b", ${seed}}]}`,
  )
  expect(problems).toEqual([])
  expect(instances.map(({name}) => name)).toEqual(['a', 'b'])
})

const first = '{"name": "a", "image": "i", "timeout-seconds": 5, "config": {"x": [1, 2], "y": {"z": 1}}}'

test.each([
  ['the same text', first],
  [
    'other keys first',
    '{"config": {"y": {"z": 1}, "x": [1, 2]}, "timeout-seconds": 5, "image": "i", "name": "a"}',
  ],
  ['a default written out', first.replace('"a",', '"a", "ram": "1G", "config-disk": {"kind": "cdrom"},')],
  ['another way to the same image', first.replace('"i"', '"./i"')],
])('a second entry of one name with the same content is a warning: %s', async (_, second) => {
  const file = await readText(`[\n${first},\n${second}]`)
  expect(file.instances).toHaveLength(1)
  const message = expect.stringMatching(
    /^"a" is listed twice with the same content, first at line 2, column \d+$/u,
  )
  expect(file.problems).toMatchObject([{severity: 'warning', line: 3, instance: 'a', message}])
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
