import {mkdir, truncate, writeFile} from 'node:fs/promises'
import {dirname, join, relative} from 'node:path'
import {cwd} from 'node:process'
import {expect, test} from 'vitest'
import {readInstancesFile} from '../../src/instances/instances-file.js'
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
    `[{"name": "a", ${seed}}, {"name": "b", "image": "/b", "timeout-seconds": 5, "config": {}}]`,
  )
  expect(file.directory).toBe(dirname(file.path))
  expect(file.instances.map(({image}) => image)).toEqual([join(file.directory, 'a.qcow2'), '/b'])
  const again = await readInstancesFile(relative(cwd(), file.path), host)
  expect(again.path).toBe(relative(cwd(), file.path))
  expect(again.directory).toBe(file.directory)
})

test('so are the paths of files that an image may read', async () => {
  const file = await readText(
    `[{"name": "a", ${seed}, "backing-files": ["below", "/b"]}, {"name": "b", ${seed}}]`,
  )
  expect(file.instances.map(instance => instance['backing-files'])).toEqual([
    [join(file.directory, 'below'), '/b'],
    undefined,
  ])
})

test('the configuration keeps its values, the order of its keys, and a key called __proto__', async () => {
  const config = '{"b":[1,{"c":null}],"__proto__":{"d":"x"},"a":0.1}'
  const {instances, problems} = await readText(
    `[{"name": "a", "image": "i", "timeout-seconds": 5, "config": ${config}}]`,
  )
  expect(problems).toEqual([])
  expect(JSON.stringify(instances[0]?.config)).toBe(config)
})

test('a missing file is one problem without a place', async () => {
  const path = join(await temporaryDirectory(), 'none.json')
  const {instances, problems} = await readInstancesFile(path, host)
  expect(instances).toEqual([])
  expect(problems).toEqual([
    {
      file: path,
      rule: 'vmrun/unreadable-file',
      severity: 'error',
      message: 'the instances file does not exist',
      hint: expect.stringContaining('vmrun init'),
    },
  ])
})

test('a directory is one problem', async () => {
  const path = join(await temporaryDirectory(), 'd')
  await mkdir(path)
  const {problems} = await readInstancesFile(path, host)
  expect(problems.map(({message}) => message)).toEqual(['the instances file is a directory, not a file'])
})

test('a file beyond 16 MiB is refused rather than read to the end of the memory', async () => {
  const path = join(await temporaryDirectory(), 'huge.json')
  await writeFile(path, '')
  await truncate(path, 2 ** 24 + 1)
  const {problems} = await readInstancesFile(path, host)
  expect(problems.map(({message}) => message)).toEqual(['the file is larger than 16 MiB'])
})

test.each([
  ['UTF-16', Buffer.from('\ufeff[]', 'utf16le')],
  ['UTF-16', Buffer.from('\ufeff[]', 'utf16le').swap16()],
  ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0])],
])('a file that is %s is one problem', async (what, bytes) => {
  expect(await problemsOf(bytes)).toEqual([
    `1:1: error: the file is not UTF-8: it is ${what} (save it as UTF-8)`,
  ])
})

test('a file that is not UTF-8 is refused at its first bad byte, and the rest of it checked all the same', async () => {
  expect(await problemsOf(Buffer.from('[\n"é\u00ff"]', 'latin1'))).toContain(
    '2:2: error: the file is not UTF-8: this byte begins no character (save it as UTF-8)',
  )
  expect(await problemsOf(Buffer.concat([Buffer.from('["é'), Buffer.from([0xef, 0xbf])]))).toContainEqual(
    expect.stringMatching(/^1:4: error: the file is not UTF-8/u),
  )
})

test('a byte order mark is refused, and the rest of the file checked all the same', async () => {
  expect(await problemsOf(`\ufeff[{${seed}}]`)).toEqual([
    expect.stringMatching(/^1:1: error: the file begins with a byte order mark/u),
    expect.stringMatching(/^1:2: error: name is missing/u),
  ])
})

test('a syntax error has its line and column', async () => {
  expect(await problemsOf(`[\r\n  {"name": "a", ${seed},}\r\n]`)).toEqual([
    `2:${`  {"name": "a", ${seed},`.length}: error: a comma before the closing } (remove the comma)`,
  ])
})

test.each([
  ['{"name": "a"}', 'an object'],
  ['null', 'null'],
  ['"a"', 'a string'],
])('%s is not an array of instances', async (text, found) => {
  expect(await problemsOf(text)).toEqual([
    `1:1: error: the file must hold an array of instances, not ${found} (write [{…}], even for one instance)`,
  ])
})

test.each([
  ['{"instance": []}', '2: error: unknown key "instance" beside "instances" (did you mean instances?)'],
  [
    '{"$schema": "x"}',
    '1: error: instances is missing: it must be an array of instances (write {"instances": [{…}]})',
  ],
  [
    '{"instances": {}}',
    '15: error: instances must be an array of instances, not an object (write [{…}], even for one instance)',
  ],
  [
    '{"$schema": 1, "instances": []}',
    '13: error: $schema must be a string: the path or URL of a JSON Schema',
  ],
])('%s is an object that does not hold', async (text, problem) => {
  expect(await problemsOf(text)).toEqual([`1:${problem}`])
})

test('an empty array is a warning', async () => {
  expect(await problemsOf(' []')).toEqual(['1:2: warning: the file holds no instance'])
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

test('no value of a configuration is in any message', async () => {
  const texts = [
    `[{"name": "a", "image": "i", "timeout-seconds": 5, "config": "s3cret"}]`,
    `[{"name": "a", "image": "i", "timeout-seconds": 5, "config": ["s3cret"]}]`,
    `[{"name": "a", ${seed}}, {"name": "a", "image": "i", "timeout-seconds": 5, "config": {"t": "s3cret"}}]`,
    `[{"name": "a", "image": "i", "timeout-seconds": 5, "config": {"t": "s3cret", "t": "s3cret"}}]`,
    `[{"name": "a", "config": {"t": s3cret}}]`,
    `[{"name": "a", "config": {"t": "s3cret}}]`,
    `[{"token": "s3cret", "config": {}}]`,
  ]
  for (const text of texts) {
    const {problems} = await readText(text)
    expect(problems.length, text).toBeGreaterThan(0)
    expect(JSON.stringify(problems)).not.toContain('s3cret')
  }
})

test('nothing from the file reaches a terminal as a control character', async () => {
  const sequence = String.raw`\u001b[2J`
  const lines = await problemsOf(
    `[{"name": "${sequence}", "image": "", "${sequence}": 1, "config": {"${sequence}": 1, "${sequence}": 1e999}}]`,
  )
  expect(lines.length).toBeGreaterThan(3)
  expect(lines.join('')).toContain(sequence)
  expect(lines.join('')).not.toMatch(/\p{Cc}/u)
})

test('a value of an instance can be placed for checks done elsewhere', async () => {
  const {entries, text, span, problemsWith} = await readText(`[\n  {"name": "a",\n   ${seed}}]`)
  const [entry] = entries
  const at = (...path: string[]) => {
    const {start, end} = entry === undefined ? {start: 0, end: 0} : span(entry, ...path)
    return text.slice(start, end)
  }
  expect([at(), at('image'), at('ram')]).toEqual(['{', '"a.qcow2"', '{'])
  const finding = {rule: 'vmrun/missing-image', severity: 'error', message: 'm'} as const
  expect(entry && problemsWith([{...finding, span: span(entry, 'image')}])[0]).toMatchObject({
    ...finding,
    line: 3,
    column: 13,
    endLine: 3,
    endColumn: 22,
  })
})

test('the instances may be in an object, with a schema for editors beside them', async () => {
  const {instances, problems} = await readText(
    `{"$schema": "./instances.schema.json", "instances": [{"name": "a", ${seed}}, {"name": "b", ${seed}}]}`,
  )
  expect(problems).toEqual([])
  expect(instances.map(({name}) => name)).toEqual(['a', 'b'])
})

test('every mistake in the JSON is found, and the entries are checked all the same where it is plain what was meant', async () => {
  const text = `[
  // the first
  {'name': "a", ${seed} "ram": "4GB",},
  {"name": "b", ${seed}, "cpu-cores": 08, "reboot": Forbid}
]`
  expect(await problemsOf(text)).toEqual([
    expect.stringMatching(/^2:3: error: a comment/u),
    expect.stringMatching(/^3:4: error: a string in the wrong quotes/u),
    expect.stringMatching(/^3:\d+: error: found a string, expected a comma or \}/u),
    expect.stringMatching(/^3:\d+: error: ram must be/u),
    expect.stringMatching(/^3:\d+: error: a comma before the closing \}/u),
    expect.stringMatching(/^4:\d+: error: this is not a number/u),
    expect.stringMatching(/^4:\d+: error: a word without quotes/u),
  ])
})

test('where it is not plain what was meant, nothing is said about what the file means', async () => {
  expect(await problemsOf(`[{"name": "a", "rma": "4G", ${seed}]`)).toEqual([
    expect.stringMatching(/^1:\d+: error: found \], expected a comma or \}/u),
  ])
})

test('an entry of which something does not hold is there for further checks, with what does', async () => {
  const {instances, entries} = await readText(`[{"name": "a", ${seed}, "ram": "4GB", "network": "none"}]`)
  expect(instances).toEqual([])
  expect(entries).toMatchObject([
    {values: {name: 'a', network: 'none', 'cpu-cores': 1}, broken: new Set(['ram'])},
  ])
})
