import {expect, test} from 'vitest'
import type {Plugin} from '../../src/contract/plugin.js'
import {type Collection, collect, withoutReserved} from '../../src/plugins/collect.js'
import type {LoadedPlugin} from '../../src/plugins/loaded-plugin.js'
import {loadedPlugin, ownPlugin} from './sample-plugins.js'

type Thing = NonNullable<Plugin['placeholders']>[number]

const named = (name: string): Thing => ({name, resolve: async () => ''})
const plugin = (name: string, ...names: readonly string[]): LoadedPlugin =>
  loadedPlugin(name, {placeholders: names.map(named)})

function collected(...plugins: readonly LoadedPlugin[]): Collection<Thing> {
  return collect(plugins, 'placeholder', ({placeholders}) => placeholders)
}

/** Who has what. */
function owners({claims}: Collection<Thing>): readonly string[] {
  return claims.map(claim => `${claim.plugin.name}: ${claim.thing.name}`)
}

const own = ownPlugin({placeholders: [named('env')]})

test('what names do not clash with is everybody’s own, in the order of the plugins', () => {
  const found = collected(own, plugin('a', 'one', 'two'), loadedPlugin('b', {}), plugin('c', 'three'))
  expect(owners(found)).toEqual(['vmrun: env', 'a: one', 'a: two', 'c: three'])
  expect(found.disputes).toEqual([])
})

test('a name that two claim is neither’s, and what else they contribute stays', () => {
  const found = collected(own, plugin('a', 'vault', 'one'), plugin('b', 'vault', 'two'))
  expect(owners(found)).toEqual(['vmrun: env', 'a: one', 'b: two'])
  expect(found.disputes).toEqual([{name: 'vault', kind: 'placeholder', plugins: ['a', 'b'], isOwn: false}])
})

test('a name that vmrun has stays vmrun’s, however many claim it', () => {
  const found = collected(own, plugin('a', 'env'), plugin('b', 'env'))
  expect(found.claims).toEqual([{plugin: own, thing: own.definition.placeholders?.[0]}])
  expect(found.disputes).toEqual([
    {name: 'env', kind: 'placeholder', plugins: ['vmrun', 'a', 'b'], isOwn: true},
  ])
})

test('a name that one plugin claims twice is not its own either', () => {
  const found = collected(plugin('a', 'vault', 'vault'))
  expect(owners(found)).toEqual([])
  expect(found.disputes).toEqual([{name: 'vault', kind: 'placeholder', plugins: ['a'], isOwn: false}])
})

test('a name that vmrun keeps for itself is nobody else’s', () => {
  const found = withoutReserved(collected(plugin('a', 'ram', 'one'), plugin('b', 'two')), 'placeholder', [
    'ram',
  ])
  expect(owners(found)).toEqual(['a: one', 'b: two'])
  expect(found.disputes).toEqual([{name: 'ram', kind: 'placeholder', plugins: ['vmrun', 'a'], isOwn: true}])
})

test('what others contribute is guarded by their names, and what is vmrun’s own is not', () => {
  const guarded: string[] = []
  collect(
    [own, plugin('a', 'one')],
    'placeholder',
    ({placeholders}) => placeholders,
    (name, thing) => {
      guarded.push(`${name}: ${thing.name}`)
      return thing
    },
  )
  expect(guarded).toEqual(['a: one'])
})
