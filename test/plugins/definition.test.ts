import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {messageOf} from '../../src/errors/errors.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {builtIn} from '../../src/plugins/built-in.js'
import {demandDefinition} from '../../src/plugins/definition.js'

const s390x = {...aarch64, name: 's390x'}
const probe = {arguments: [], firmware: () => new Uint8Array(), exitCode: 0}
const step = {name: 'mount', title: 'Mount', run: async () => 'done', before: 'qemu'}
const floppy = {name: 'floppy', configure: () => undefined}
const vault = {name: 'vault', resolve: async () => 'secret'}
const region = {name: 'region', schema: z.string().optional()}

/** Everything that is wrong with a definition. */
function problemOf(definition: object): string | undefined {
  try {
    demandDefinition({apiVersion: 1, ...definition})
  } catch (error) {
    return messageOf(error).replace('its definition does not hold: ', '')
  }

  return
}

describe('a definition holds', () => {
  test.each([
    ['with empty lists', {architectures: [], configDisks: [], steps: [], placeholders: [], instanceKeys: []}],
    [
      'with one of each',
      {architectures: [s390x], configDisks: [floppy], steps: [step], placeholders: [vault]},
    ],
    ['with what vmrun itself brings along', builtIn],
    ['with a key that every instance must have', {instanceKeys: [{name: 'region', schema: z.string()}]}],
    [
      'with members that are undefined',
      {steps: [{...step, after: undefined, plan: undefined}], instanceKeys: undefined},
    ],
  ])('%s', (_, definition) => {
    expect(problemOf(definition)).toBeUndefined()
  })

  test('where the members come from classes', () => {
    class Mount {
      readonly title = 'Mount'
      readonly after = 'overlay'
      get name(): string {
        return 'mount'
      }
      async run(): Promise<string> {
        return this.title
      }
    }
    class Probed {
      readonly arguments = []
      readonly exitCode = 0
      firmware(): Uint8Array {
        return new Uint8Array()
      }
    }
    expect(
      problemOf({steps: [new Mount()], architectures: [{...s390x, probe: new Probed()}]}),
    ).toBeUndefined()
  })
})

describe('what is wrong with a definition is told by its place', () => {
  const {disk: _, ...diskless} = s390x.devices
  const of = (members: object): object => ({architectures: [{...s390x, ...members}]})
  const lacks = 'Invalid input: expected'
  test.each<readonly [object, string]>([
    [
      of({devices: {...s390x.devices, disk: {}}}),
      `architectures[0].devices.disk.driver: ${lacks} string, received undefined`,
    ],
    [of({devices: diskless}), `architectures[0].devices.disk: ${lacks} object, received undefined`],
    [
      of({devices: {...s390x.devices, disk: {driver: 'x', slots: []}}}),
      'architectures[0].devices.disk.slots: Invalid input',
    ],
    [
      of({devices: {...s390x.devices, disk: {driver: 'x', id: 'y'}}}),
      'architectures[0].devices.disk: expected neither id nor drive nor bootindex: vmrun adds them',
    ],
    [of({devices: {...s390x.devices, floppy: {}}}), 'architectures[0].devices: Unrecognized key: "floppy"'],
    [of({hosts: [1]}), `architectures[0].hosts[0]: ${lacks} string, received number`],
    [of({program: ''}), 'architectures[0].program: Too small: expected string to have >=1 characters'],
    [
      of({firmware: {paths: [], packages: {}}}),
      'architectures[0].firmware.paths: Too small: expected array to have >=1 items',
    ],
    [of({powerButton: 'no'}), `architectures[0].powerButton: ${lacks} boolean, received string`],
    [
      of({probe: {...probe, firmware: new Uint8Array()}}),
      'architectures[0].probe.firmware: expected a function',
    ],
    [of({name: 'x 86'}), 'architectures[0].name: expected letters, digits, "_", "-" and "."'],
    [of({name: 'x'.repeat(256)}), 'architectures[0].name: expected up to 255 characters'],
    [{architecture: []}, 'Unrecognized key: "architecture"'],
    [{steps: {}}, `steps: ${lacks} array, received object`],
    [{steps: [step, null]}, `steps[1]: ${lacks} object, received null`],
    [{configDisks: [{...floppy, configure: {}}]}, 'configDisks[0].configure: expected a function'],
    [{steps: [{...step, run: 'mount'}]}, 'steps[0].run: expected a function'],
    [{steps: [{...step, plan: {}}]}, 'steps[0].plan: expected a function'],
    [{steps: [{...step, always: 1}]}, `steps[0].always: ${lacks} boolean, received number`],
    [
      {steps: [{...step, before: undefined}]},
      'steps[0]: expected exactly one of before, after and replacing',
    ],
    [{steps: [{...step, after: 'qemu'}]}, 'steps[0]: expected exactly one of before, after and replacing'],
    [
      {placeholders: [{...vault, name: '1st'}]},
      'placeholders[0].name: expected letters, digits, "_" and "-", a letter first',
    ],
    [{placeholders: [{...vault, resolve: 'secret'}]}, 'placeholders[0].resolve: expected a function'],
    ...['Region', '__proto__'].map(
      name =>
        [
          {instanceKeys: [{...region, name}]},
          'instanceKeys[0].name: expected lower-case letters, digits and "-", a letter first',
        ] as const,
    ),
    [
      {instanceKeys: [{...region, name: 'constructor'}]},
      'instanceKeys[0].name: expected a name that not every object has',
    ],
  ])('%j', (definition, problem) => {
    expect(problemOf(definition)).toBe(problem)
  })

  test('all at once, in one line', () => {
    expect(problemOf({steps: [{...step, run: 1, titel: 'x'}], configDisks: 1})).toBe(
      'configDisks: Invalid input: expected array, received number; steps[0].run: expected a function; steps[0]: Unrecognized key: "titel"',
    )
  })
})

describe('a schema of an instance key is refused', () => {
  test.each([
    ['of zod 3', {_def: {typeName: 'ZodString'}, parse: String, safeParse: String}],
    ['of JSON', {type: 'string'}],
    ['that is none', undefined],
  ])('that is none of zod 4: one %s', (_, schema) => {
    expect(problemOf({instanceKeys: [{...region, schema}]})).toBe(
      'instanceKeys[0].schema: expected a schema of zod 4',
    )
  })

  const optional = z.string().optional()
  const boom = (): never => {
    throw new Error('boom')
  }
  test.each([
    ['is asynchronous', optional.refine(async () => true), /Promise/u],
    ['throws', optional.transform(boom), /boom/u],
    ['has a default that throws', z.string().default(boom), /boom/u],
  ])('that %s where an instance has not the key: it would harm instances without it', (_, schema, why) => {
    const problem = problemOf({instanceKeys: [{...region, schema}]})
    expect(problem).toMatch(/^instanceKeys\[0\]\.schema: where the key is absent: /u)
    expect(problem).toMatch(why)
  })
})
