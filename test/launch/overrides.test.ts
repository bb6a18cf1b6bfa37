import {expect, test} from 'vitest'
import type {Instance} from '../../src/contract/instance.js'
import {UsageError} from '../../src/errors/errors.js'
import {type Overrides, overrideInstance} from '../../src/launch/prepare-run.js'
import {sampleInstance} from '../run/sample-run.js'

function overridden(instance: Partial<Instance>, overrides: Partial<Overrides>): Instance {
  return overrideInstance({...sampleInstance, ...instance}, {requireKvm: false, relax: [], ...overrides})
}

test('a command line that asks for nothing leaves the instance as it is', () => {
  expect(overridden({relax: ['spawn']}, {})).toEqual({...sampleInstance, relax: ['spawn']})
})

test('--timeout takes the place of timeout-seconds', () => {
  expect(overridden({'timeout-seconds': 7}, {timeout: 9})['timeout-seconds']).toBe(9)
})

test('--relax comes on top of what the file relaxes', () => {
  expect(overridden({relax: ['spawn']}, {relax: ['obsolete']}).relax).toEqual(['spawn', 'obsolete'])
})

test.each(['auto', 'kvm'] as const)('--require-kvm makes "accelerator": "%s" kvm', accelerator => {
  expect(overridden({accelerator}, {requireKvm: true}).accelerator).toBe('kvm')
})

test.each(['tcg', 'hvf'] as const)('--require-kvm contradicts "accelerator": "%s"', accelerator => {
  const override = (): Instance => overridden({accelerator}, {requireKvm: true})
  expect(override).toThrow(UsageError)
  expect(override).toThrow(`--require-kvm does not go with "accelerator": "${accelerator}" of vm-1`)
})
