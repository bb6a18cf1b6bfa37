import {describe, expect, test} from 'vitest'
import {
  faultsOfArguments,
  faultsOfConfigDisk,
  faultsOfContent,
  faultsOfFirmware,
  faultsOfPlan,
} from '../../src/plugins/returned-schema.js'

describe('what functions return', () => {
  test.each([
    [faultsOfConfigDisk, {title: 'Floppy', arguments: () => []}],
    [
      faultsOfConfigDisk,
      new (class {
        readonly title = 'Floppy'
        arguments(): readonly string[] {
          return []
        }
      })(),
    ],
    [faultsOfArguments, ['-fda', 'file']],
    [faultsOfPlan, {title: 'Mount', commands: [['mount', '/mnt']]}],
    [faultsOfFirmware, Buffer.from('x')],
    [faultsOfContent, new Uint8Array()],
    [
      faultsOfContent,
      {
        label: 'cidata',
        files: [
          {name: 'meta-data', content: 'text'},
          {name: 'b', content: new Uint8Array()},
        ],
      },
    ],
  ])('holds: %#', (faultsOfResult, result) => {
    expect(faultsOfResult(result)).toEqual([])
  })

  test.each([
    [faultsOfConfigDisk, undefined, 'expected object, received undefined'],
    [faultsOfConfigDisk, {title: 'Floppy'}, 'arguments: expected a function'],
    [faultsOfConfigDisk, {title: 'Floppy', arguments: () => [], watch: 1}, 'watch: expected a function'],
    [faultsOfConfigDisk, {title: 'Floppy', arguments: () => [], size: 1}, 'the member size is not known'],
    [faultsOfArguments, '-fda file', 'expected array, received string'],
    [faultsOfArguments, ['-fda', 7], '1: expected string, received number'],
    [faultsOfPlan, {title: 'Mount'}, 'commands: expected array, received undefined'],
    [faultsOfPlan, {title: 'Mount', commands: ['mount']}, 'commands[0]: expected array, received string'],
    [faultsOfFirmware, 'code', 'expected a Uint8Array'],
  ])('or is told by its member: %#', (faultsOfResult, result, fault) => {
    expect(faultsOfResult(result)).toEqual([fault])
  })

  test.each([
    undefined,
    'sesame',
    {label: 'cidata', files: [{name: 'sesame', content: 7}]},
    {label: 'cidata', files: [], sesame: 1},
    {
      get label(): never {
        throw new Error('sesame')
      },
    },
  ])('of a config disk shows no part of it: %#', content => {
    expect(faultsOfContent(content)).toEqual(['expected a Uint8Array, or a volume with label and files'])
  })
})
