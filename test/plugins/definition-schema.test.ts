import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {builtIn} from '../../src/plugins/built-in.js'
import {checkDefinition} from '../../src/plugins/definition-schema.js'

const s390x = {...aarch64, name: 's390x'}
const probe = {arguments: [], firmware: () => new Uint8Array(), exitCode: 0}
const step = {name: 'mount', title: 'Mount', run: async () => 'done', before: 'qemu'}
const floppy = {name: 'floppy', configure: () => undefined}
const vault = {name: 'vault', resolve: async () => 'secret'}
const region = {name: 'region', schema: z.string().optional()}

/** Everything that is wrong with a definition. */
function faultsOf(definition: object): readonly string[] {
  const checked = checkDefinition({apiVersion: 1, ...definition})
  return 'faults' in checked ? checked.faults : []
}

describe('a definition holds', () => {
  test.each([
    ['with nothing in it', {}],
    ['with empty lists', {architectures: [], configDisks: [], steps: [], placeholders: [], instanceKeys: []}],
    [
      'with one of each',
      {architectures: [s390x], configDisks: [floppy], steps: [step], placeholders: [vault]},
    ],
    ['with what vmrun itself brings along', builtIn],
    ['with an instance key', {instanceKeys: [region]}],
    ['with a key that every instance must have', {instanceKeys: [{name: 'region', schema: z.string()}]}],
    [
      'with members that are undefined',
      {steps: [{...step, after: undefined, plan: undefined}], instanceKeys: undefined},
    ],
  ])('%s', (_, definition) => {
    expect(faultsOf(definition)).toEqual([])
  })

  test('as the very object that the plugin made', () => {
    const definition = {apiVersion: 1, steps: [step]}
    expect(checkDefinition(definition)).toEqual({definition})
    expect(Reflect.get(checkDefinition(definition), 'definition')).toBe(definition)
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
    expect(faultsOf({steps: [new Mount()], architectures: [{...s390x, probe: new Probed()}]})).toEqual([])
  })
})

describe('what is wrong with an architecture is told by its name and member', () => {
  const {disk: _, ...diskless} = s390x.devices
  test.each([
    [{devices: {...s390x.devices, disk: {}}}, 'devices.disk.driver: expected string, received undefined'],
    [{devices: diskless}, 'devices.disk: expected object, received undefined'],
    [{devices: {...s390x.devices, disk: {driver: 'x', slots: []}}}, 'devices.disk.slots: Invalid input'],
    [{devices: {...s390x.devices, floppy: {}}}, 'devices: the member floppy is not known'],
    [{devices: {...s390x.devices, ideBus: 0}}, 'devices.ideBus: expected string, received number'],
    [{hosts: 's390x'}, 'hosts: expected array, received string'],
    [{hosts: [1]}, 'hosts.0: expected string, received number'],
    [{program: undefined}, 'program: expected string, received undefined'],
    [{program: ''}, 'program: Too small: expected string to have >=1 characters'],
    [{packages: {suse: 'qemu'}}, 'packages: the member suse is not known'],
    [{machine: null}, 'machine: expected string, received null'],
    [{emulatedCpu: 1}, 'emulatedCpu: expected string, received number'],
    [{firmware: {paths: [], packages: {}}}, 'firmware.paths: Too small: expected array to have >=1 items'],
    [{powerButton: 'no'}, 'powerButton: expected boolean, received string'],
    [{arguments: ['-no-acpi', 1]}, 'arguments.1: expected string, received number'],
    [{probe: {...probe, firmware: new Uint8Array()}}, 'probe.firmware: expected a function'],
    [{probe: {...probe, exitCode: '33'}}, 'probe.exitCode: expected number, received string'],
    [{color: 'red'}, 'the member color is not known'],
  ])('%j', (members, fault) => {
    expect(faultsOf({architectures: [{...s390x, ...members}]})).toEqual([
      `architectures[0] "s390x": ${fault}`,
    ])
  })
})

describe('what is wrong with anything else is told by contribution and member', () => {
  test.each([
    [{apiVersion: 2}, 'apiVersion: expected 1'],
    [{architecture: []}, 'the member architecture is not known'],
    [{steps: [{...step, befor: 'qemu'}]}, 'steps[0] "mount": the member befor is not known'],
    [{commands: []}, 'the member commands is not known'],
    [{steps: {}}, 'steps: expected array, received object'],
    [{steps: [step, null]}, 'steps[1]: expected object, received null'],
    [
      {architectures: [{...x86_64, name: 'x 86'}]},
      'architectures[0] "x 86": name: expected letters, digits, "_", "-" and "."',
    ],
    [{configDisks: [{...floppy, configure: {}}]}, 'configDisks[0] "floppy": configure: expected a function'],
    [{configDisks: [{...floppy, size: 1}]}, 'configDisks[0] "floppy": the member size is not known'],
    [{steps: [{...step, run: 'mount'}]}, 'steps[0] "mount": run: expected a function'],
    [{steps: [{...step, plan: {}}]}, 'steps[0] "mount": plan: expected a function'],
    [{steps: [{...step, ended: true}]}, 'steps[0] "mount": ended: expected a function'],
    [{steps: [{...step, always: 1}]}, 'steps[0] "mount": always: expected boolean, received number'],
    [
      {steps: [{...step, title: ''}]},
      'steps[0] "mount": title: Too small: expected string to have >=1 characters',
    ],
    [
      {steps: [{...step, before: undefined}]},
      'steps[0] "mount": expected exactly one of before, after and replacing',
    ],
    [
      {steps: [{...step, after: 'qemu'}]},
      'steps[0] "mount": expected exactly one of before, after and replacing',
    ],
    [{steps: [{...step, undo: () => 0}]}, 'steps[0] "mount": the member undo is not known'],
    [
      {placeholders: [{...vault, name: '1st'}]},
      'placeholders[0] "1st": name: expected letters, digits, "_" and "-", a letter first',
    ],
    [
      {placeholders: [{...vault, resolve: 'secret'}]},
      'placeholders[0] "vault": resolve: expected a function',
    ],
    [
      {placeholders: [{resolve: vault.resolve}]},
      'placeholders[0]: name: expected string, received undefined',
    ],
    [
      {instanceKeys: [{...region, name: 'Region'}]},
      'instanceKeys[0] "Region": name: expected lower-case letters, digits and "-", a letter first',
    ],
    [
      {instanceKeys: [{...region, name: 'constructor'}]},
      'instanceKeys[0] "constructor": name: expected a name that not every object has',
    ],
    [
      {instanceKeys: [{...region, name: '__proto__'}]},
      'instanceKeys[0] "__proto__": name: expected lower-case letters, digits and "-", a letter first',
    ],
    [{instanceKeys: [{...region, type: 'string'}]}, 'instanceKeys[0] "region": the member type is not known'],
  ])('%j', (definition, fault) => {
    expect(faultsOf(definition)).toEqual([fault])
  })

  test('all at once', () => {
    expect(faultsOf({steps: [{...step, run: 1, titel: 'x'}], configDisks: 1})).toEqual([
      'configDisks: expected array, received number',
      'steps[0] "mount": run: expected a function',
      'steps[0] "mount": the member titel is not known',
    ])
  })
})

describe('a schema is refused', () => {
  test('that is none of zod 4', () => {
    const zod3 = {_def: {typeName: 'ZodString'}, parse: String, safeParse: String}
    for (const schema of [zod3, {type: 'string'}, z.string, 'string', undefined]) {
      expect(faultsOf({instanceKeys: [{...region, schema}]})).toEqual([
        'instanceKeys[0] "region": schema: expected a schema of zod 4',
      ])
    }
  })

  test.each([
    [
      'is asynchronous',
      z
        .string()
        .optional()
        .refine(async () => true),
      /Promise/u,
    ],
    [
      'throws',
      z
        .string()
        .optional()
        .transform(() => {
          throw new Error('boom')
        }),
      /boom/u,
    ],
    [
      'has a default that throws',
      z.string().default(() => {
        throw new Error('boom')
      }),
      /boom/u,
    ],
  ])(
    'that %s where an instance has not the key: it would harm instances that do not use it',
    (_, schema, why) => {
      const [fault] = faultsOf({instanceKeys: [{...region, schema}]})
      expect(fault).toMatch(/^instanceKeys\[0\] "region": schema: where the key is absent: /u)
      expect(fault).toMatch(why)
    },
  )
})
