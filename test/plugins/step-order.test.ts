import {describe, expect, test} from 'vitest'
import type {PlacedStep, Placement, Step} from '../../src/contract/step.js'
import {builtIn, firstStep} from '../../src/plugins/built-in.js'
import type {Claim} from '../../src/plugins/collect.js'
import {orderSteps} from '../../src/plugins/step-order.js'
import {loadedPlugin, ownPlugin} from './sample-plugins.js'

const first: Step = {name: 'first', title: 'First', run: async () => ''}
const step = (name: string, placement: Placement): PlacedStep => ({...first, name, ...placement})

const own = [
  step('disk', {after: 'first'}),
  step('qemu', {after: 'disk'}),
  step('cleanup', {after: 'qemu'}),
].map((thing): Claim<PlacedStep> => ({plugin: ownPlugin(), thing}))

/** A step that belongs to the plugin its name begins with: `a-mount` to `a`. */
function claim(name: string, placement: Placement): Claim<PlacedStep> {
  return {plugin: loadedPlugin(name.split('-', 1).join(''), {}), thing: step(name, placement)}
}

function names(...others: readonly Claim<PlacedStep>[]): string {
  return orderSteps(first, [...own, ...others])
    .steps.map(({name}) => name)
    .join(' ')
}

/** The steps that got no place, and why. */
function misplaced(...others: readonly Claim<PlacedStep>[]): readonly string[] {
  return orderSteps(first, [...own, ...others]).problems.map(({leftOut = ''}) => leftOut)
}

test('vmrun’s own steps come in the order that they say', () => {
  expect(names()).toBe('first disk qemu cleanup')
})

describe('a step of a plugin', () => {
  test.each([
    [{before: 'qemu'}, 'first disk a-one qemu cleanup'],
    [{after: 'qemu'}, 'first disk qemu a-one cleanup'],
    [{after: 'first'}, 'first a-one disk qemu cleanup'],
    [{after: 'cleanup'}, 'first disk qemu cleanup a-one'],
    [{before: 'disk'}, 'first a-one disk qemu cleanup'],
    [{replacing: 'qemu'}, 'first disk a-one cleanup'],
    [{replacing: 'cleanup'}, 'first disk qemu a-one'],
  ])('has the place that it asks for: %j', (placement, order) => {
    expect(names(claim('a-one', placement))).toBe(order)
    expect(misplaced(claim('a-one', placement))).toEqual([])
  })

  test('is the very step that the plugin contributes', () => {
    const one = claim('a-one', {replacing: 'qemu'})
    expect(orderSteps(first, [...own, one]).steps[2]).toBe(one.thing)
  })
})

describe('several with one place come in the order of their plugins', () => {
  test.each([
    ['before', 'first disk a-1 b-1 c-1 qemu cleanup'],
    ['after', 'first disk qemu a-1 b-1 c-1 cleanup'],
  ])('%s', (placement, order) => {
    const others = ['a-1', 'b-1', 'c-1'].map(name =>
      claim(name, placement === 'before' ? {before: 'qemu'} : {after: 'qemu'}),
    )
    expect(names(...others)).toBe(order)
  })

  test('and those of one plugin in its own', () => {
    expect(names(claim('a-2', {after: 'qemu'}), claim('a-1', {after: 'qemu'}))).toBe(
      'first disk qemu a-2 a-1 cleanup',
    )
  })

  test('between two steps, what comes after the one is before what comes before the other', () => {
    expect(names(claim('a-1', {before: 'qemu'}), claim('b-1', {after: 'disk'}))).toBe(
      'first disk b-1 a-1 qemu cleanup',
    )
  })
})

describe('a step may be placed next to another plugin’s', () => {
  test.each([
    ['that comes before it by name', claim('a-1', {after: 'qemu'}), claim('b-1', {after: 'a-1'}), 'a-1 b-1'],
    ['that comes after it by name', claim('a-1', {before: 'b-1'}), claim('b-1', {after: 'qemu'}), 'a-1 b-1'],
    [
      'and closer than what is placed as that is',
      claim('a-1', {after: 'b-1'}),
      claim('b-1', {after: 'qemu'}),
      'b-1 a-1',
    ],
  ])('%s', (_, one, other, order) => {
    expect(names(one, other)).toBe(`first disk qemu ${order} cleanup`)
  })

  test('in a chain', () => {
    const chain = [
      claim('a-1', {after: 'b-1'}),
      claim('b-1', {before: 'c-1'}),
      claim('c-1', {before: 'qemu'}),
    ]
    expect(names(...chain)).toBe('first disk b-1 a-1 c-1 qemu cleanup')
    expect(misplaced(...chain)).toEqual([])
  })

  test('that replaces one of vmrun’s, by either name', () => {
    expect(
      names(claim('a-1', {replacing: 'qemu'}), claim('b-1', {before: 'qemu'}), claim('c-1', {after: 'a-1'})),
    ).toBe('first disk b-1 a-1 c-1 cleanup')
  })
})

describe('a step gets no place, and keeps no other from its own,', () => {
  const good = claim('z-good', {after: 'qemu'})
  const order = 'first disk qemu z-good cleanup'
  test.each<readonly [string, readonly Claim<PlacedStep>[], readonly string[]]>([
    [
      'next to one whose name is mistyped',
      [claim('a-1', {before: 'qmeu'}), claim('b-1', {after: 'z-god'})],
      [
        'steps "a-1": before "qmeu": there is no such step (did you mean qemu?)',
        'steps "b-1": after "z-god": there is no such step (did you mean z-good?)',
      ],
    ],
    [
      'in the place of one whose name is mistyped',
      [claim('a-1', {replacing: 'qmeu'}), claim('b-1', {replacing: 'z-god'})],
      [
        'steps "a-1": replacing "qmeu": there is no such step (did you mean qemu?)',
        'steps "b-1": replacing "z-god": there is no such step',
      ],
    ],
    [
      'before the first',
      [claim('a-1', {before: 'first'})],
      ['steps "a-1": before "first": that step always comes first'],
    ],
    [
      'in the place of the first',
      [claim('a-1', {replacing: 'first'})],
      ['steps "a-1": replacing "first": that step always comes first'],
    ],
    [
      'next to itself',
      [claim('a-1', {after: 'a-1'})],
      ['steps "a-1": after "a-1": no step can stand next to itself'],
    ],
    [
      'in a circle',
      [claim('a-1', {after: 'b-1'}), claim('b-1', {before: 'a-1'})],
      [
        'steps "a-1": after "b-1": that step has no place either',
        'steps "b-1": before "a-1": that step has no place either',
      ],
    ],
    [
      'next to one that has none',
      [claim('a-1', {after: 'b-1'}), claim('b-1', {after: 'nowhere'})],
      [
        'steps "a-1": after "b-1": that step has no place either',
        'steps "b-1": after "nowhere": there is no such step',
      ],
    ],
    [
      'in the place of another plugin’s, or next to that',
      [claim('a-1', {after: 'b-1'}), claim('b-1', {replacing: 'a-1'})],
      [
        'steps "a-1": after "b-1": that step has no place either',
        `steps "b-1": replacing "a-1": only vmrun's own steps can be replaced`,
      ],
    ],
  ])('%s', (_, others, messages) => {
    expect(names(...others, good)).toBe(order)
    expect(misplaced(...others, good)).toEqual(messages)
  })

  test('in the place of a step that two would replace: it stays', () => {
    const others = [claim('a-1', {replacing: 'qemu'}), claim('b-1', {replacing: 'qemu'})]
    expect(names(...others, good)).toBe(order)
    expect(misplaced(...others, good)).toEqual([
      'steps "a-1": replacing "qemu": a and b would all replace it',
      'steps "b-1": replacing "qemu": a and b would all replace it',
    ])
  })
})

test('no step stands where the guest runs and nobody watches it', () => {
  const plugin = ownPlugin()
  const ownSteps = builtIn.steps ?? []
  const order = orderSteps(firstStep, [
    ...ownSteps.map(thing => ({plugin, thing})),
    claim('a-one', {after: 'qemu'}),
    claim('b-one', {before: 'timeout-watch'}),
  ])
  expect(order.steps).toEqual([firstStep, ...ownSteps])
  expect(order.problems).toMatchObject([
    {
      plugins: ['a'],
      message: expect.stringMatching(/^plugin a: steps "a-one": after "qemu": the guest runs/u),
    },
    {plugins: ['b'], message: expect.stringContaining('and nobody would watch it')},
  ])
})
