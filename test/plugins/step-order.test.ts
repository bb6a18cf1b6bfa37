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
  step('boot', {after: 'disk'}),
  step('cleanup', {after: 'boot'}),
].map((thing): Claim<PlacedStep> => ({plugin: ownPlugin(), thing}))

/** A step that belongs to the plugin its name begins with: `a-mount` to `a`. */
function claim(name: string, placement: Placement): Claim<PlacedStep> {
  return {plugin: loadedPlugin(name.split('-', 1).join(''), {}), thing: step(name, placement)}
}

function names(...others: readonly Claim<PlacedStep>[]): string {
  const {steps} = orderSteps('first', [...own, ...others])
  return ['first', ...steps.map(({thing}) => thing.name)].join(' ')
}

/** The steps that got no place, and why. */
function misplaced(...others: readonly Claim<PlacedStep>[]): readonly string[] {
  return orderSteps('first', [...own, ...others]).problems.map(({message}) => message)
}

test('vmrun’s own steps come in the order that they say', () => {
  expect(names()).toBe('first disk boot cleanup')
})

describe('a step of a plugin', () => {
  test.each([
    [{before: 'boot'}, 'first disk a-one boot cleanup'],
    [{after: 'boot'}, 'first disk boot a-one cleanup'],
    [{after: 'first'}, 'first a-one disk boot cleanup'],
    [{after: 'cleanup'}, 'first disk boot cleanup a-one'],
    [{before: 'disk'}, 'first a-one disk boot cleanup'],
    [{replacing: 'boot'}, 'first disk a-one cleanup'],
    [{replacing: 'cleanup'}, 'first disk boot a-one'],
  ])('has the place that it asks for: %j', (placement, order) => {
    expect(names(claim('a-one', placement))).toBe(order)
    expect(misplaced(claim('a-one', placement))).toEqual([])
  })
})

describe('several with one place come in the order of their plugins', () => {
  test.each([
    ['before', 'first disk a-1 b-1 c-1 boot cleanup'],
    ['after', 'first disk boot a-1 b-1 c-1 cleanup'],
  ])('%s', (placement, order) => {
    const others = ['a-1', 'b-1', 'c-1'].map(name =>
      claim(name, placement === 'before' ? {before: 'boot'} : {after: 'boot'}),
    )
    expect(names(...others)).toBe(order)
  })

  test('and those of one plugin in its own', () => {
    expect(names(claim('a-2', {after: 'boot'}), claim('a-1', {after: 'boot'}))).toBe(
      'first disk boot a-2 a-1 cleanup',
    )
  })

  test('between two steps, what comes after the one is before what comes before the other', () => {
    expect(names(claim('a-1', {before: 'boot'}), claim('b-1', {after: 'disk'}))).toBe(
      'first disk b-1 a-1 boot cleanup',
    )
  })
})

describe('a step may be placed next to another plugin’s', () => {
  test.each([
    ['that comes before it by name', claim('a-1', {after: 'boot'}), claim('b-1', {after: 'a-1'}), 'a-1 b-1'],
    ['that comes after it by name', claim('a-1', {before: 'b-1'}), claim('b-1', {after: 'boot'}), 'a-1 b-1'],
    [
      'and closer than what is placed as that is',
      claim('a-1', {after: 'b-1'}),
      claim('b-1', {after: 'boot'}),
      'b-1 a-1',
    ],
  ])('%s', (_, one, other, order) => {
    expect(names(one, other)).toBe(`first disk boot ${order} cleanup`)
  })

  test('in a chain', () => {
    const chain = [
      claim('a-1', {after: 'b-1'}),
      claim('b-1', {before: 'c-1'}),
      claim('c-1', {before: 'boot'}),
    ]
    expect(names(...chain)).toBe('first disk b-1 a-1 c-1 boot cleanup')
    expect(misplaced(...chain)).toEqual([])
  })

  test('that replaces one of vmrun’s, by either name', () => {
    expect(
      names(claim('a-1', {replacing: 'boot'}), claim('b-1', {before: 'boot'}), claim('c-1', {after: 'a-1'})),
    ).toBe('first disk b-1 a-1 c-1 cleanup')
  })
})

describe('a step gets no place, and keeps no other from its own,', () => {
  const good = claim('z-good', {after: 'boot'})
  const order = 'first disk boot z-good cleanup'
  test.each<readonly [string, readonly Claim<PlacedStep>[], readonly string[]]>([
    [
      'next to one whose name is mistyped',
      [claim('a-1', {before: 'boto'}), claim('b-1', {after: 'z-god'})],
      [
        'step "a-1" of a is left out: before "boto": there is no such step; did you mean boot?',
        'step "b-1" of b is left out: after "z-god": there is no such step; did you mean z-good?',
      ],
    ],
    [
      'in the place of one whose name is mistyped',
      [claim('a-1', {replacing: 'boto'}), claim('b-1', {replacing: 'z-god'})],
      [
        'step "a-1" of a is left out: replacing "boto": there is no such step; did you mean boot?',
        'step "b-1" of b is left out: replacing "z-god": there is no such step; did you mean z-good?',
      ],
    ],
    [
      'before the first',
      [claim('a-1', {before: 'first'})],
      ['step "a-1" of a is left out: before "first": that step always comes first'],
    ],
    [
      'in the place of the first',
      [claim('a-1', {replacing: 'first'})],
      ['step "a-1" of a is left out: replacing "first": that step always comes first'],
    ],
    [
      'in a circle',
      [claim('a-1', {after: 'b-1'}), claim('b-1', {before: 'a-1'}), claim('c-1', {after: 'c-1'})],
      [
        'step "a-1" of a is left out: after "b-1": that step has no place either',
        'step "b-1" of b is left out: before "a-1": that step has no place either',
        'step "c-1" of c is left out: after "c-1": that step has no place either',
      ],
    ],
    [
      'next to one that has none',
      [claim('a-1', {after: 'b-1'}), claim('b-1', {after: 'nowhere'})],
      [
        'step "a-1" of a is left out: after "b-1": that step has no place either',
        'step "b-1" of b is left out: after "nowhere": there is no such step',
      ],
    ],
    [
      'in the place of another plugin’s, or next to that',
      [claim('a-1', {after: 'b-1'}), claim('b-1', {replacing: 'a-1'})],
      [
        'step "a-1" of a is left out: after "b-1": that step has no place either',
        `step "b-1" of b is left out: replacing "a-1": only vmrun's own steps can be replaced`,
      ],
    ],
  ])('%s', (_, others, messages) => {
    expect(names(...others, good)).toBe(order)
    expect(misplaced(...others, good)).toEqual(messages)
  })

  test('in the place of a step that two would replace: it stays', () => {
    const others = [claim('a-1', {replacing: 'boot'}), claim('b-1', {replacing: 'boot'})]
    expect(names(...others, good)).toBe(order)
    expect(misplaced(...others, good)).toEqual([
      'step "a-1" of a is left out: replacing "boot": a and b would all replace it',
      'step "b-1" of b is left out: replacing "boot": a and b would all replace it',
    ])
  })
})

test('no step stands where the guest runs and nobody watches it', () => {
  const plugin = ownPlugin()
  const ownSteps = (builtIn.steps ?? []).map(thing => ({plugin, thing}))
  const {steps, problems} = orderSteps(firstStep.name, [
    ...ownSteps,
    claim('a-one', {after: 'qemu'}),
    claim('b-one', {before: 'timeout-watch'}),
  ])
  expect(steps).toEqual(ownSteps)
  expect(problems).toMatchObject([
    {
      plugins: ['a'],
      message: expect.stringMatching(/^step "a-one" of a is left out: after "qemu": the guest runs/u),
    },
    {plugins: ['b'], message: expect.stringContaining('and nobody would watch it')},
  ])
})
