import {expect, test} from 'vitest'
import type {Plugin} from '../../src/contract/plugin.js'
import {type Collection, collect} from '../../src/plugins/collect.js'
import type {LoadedPlugin} from '../../src/plugins/loaded-plugin.js'
import {loadedPlugin, ownPlugin} from './sample-plugins.js'

type Thing = NonNullable<Plugin['placeholders']>[number]

const named = (name: string): Thing => ({name, resolve: async () => ''})
const plugin = (name: string, ...names: readonly string[]): LoadedPlugin =>
  loadedPlugin(name, {placeholders: names.map(named)})
const own = ownPlugin({placeholders: [named('env')]})

function collected(plugins: readonly LoadedPlugin[], reserved?: readonly string[]): Collection<Thing> {
  return collect(plugins, 'placeholder', one => one.placeholders, reserved && {reserved})
}

/** Who has what. */
function owners({claims}: Collection<Thing>): readonly string[] {
  return claims.map(claim => `${claim.plugin.name}: ${claim.thing.name}`)
}

test('what names do not clash with is everybody’s own, in the order of the plugins', () => {
  const found = collected([own, plugin('a', 'one', 'two'), loadedPlugin('b', {}), plugin('c', 'three')])
  expect(owners(found)).toEqual(['vmrun: env', 'a: one', 'a: two', 'c: three'])
  expect(found.disputes.size).toBe(0)
})

test('a name that several claim is nobody’s, and what else they contribute stays', () => {
  const found = collected([
    own,
    plugin('a', 'vault', 'one'),
    plugin('b', 'vault', 'two'),
    plugin('c', 'vault'),
  ])
  expect(owners(found)).toEqual(['vmrun: env', 'a: one', 'b: two'])
  const leftOut = 'the placeholder "vault" is contributed by a and by b and by c'
  expect(found.disputes.get('vault')).toEqual({
    plugins: ['a', 'b', 'c'],
    leftOut,
    message: `${leftOut}: it is left out`,
    hint: 'Remove all but one of them: vmrun plugins uninstall a b c',
  })
})

test('a name that one plugin claims twice is not its own either', () => {
  const found = collected([plugin('a', 'vault', 'vault')])
  expect(owners(found)).toEqual([])
  expect(found.disputes.get('vault')).toMatchObject({
    plugins: ['a'],
    message: 'the placeholder "vault" is contributed by a more than once: it is left out',
    hint: 'Mend it, or remove it: vmrun plugins uninstall a',
  })
})

test.each([
  [['a'], 'a', 'Mend it, or remove it: vmrun plugins uninstall a'],
  [['a', 'b'], 'a and b', 'Mend them, or remove them: vmrun plugins uninstall a b'],
])('a name that vmrun has stays vmrun’s, whoever claims it: %j', (names, told, hint) => {
  const found = collected([own, ...names.map(name => plugin(name, 'env'))])
  expect(found.claims).toEqual([{plugin: own, thing: own.definition.placeholders?.[0]}])
  expect(found.disputes.get('env')).toEqual({
    plugins: names,
    leftOut: `the placeholder "env" is vmrun's own`,
    message: `the placeholder "env" is vmrun's own: that of ${told} is left out`,
    hint,
  })
})

test('a name that vmrun keeps for itself is nobody else’s', () => {
  const found = collected([plugin('a', 'ram', 'one'), plugin('b', 'two')], ['ram'])
  expect(owners(found)).toEqual(['a: one', 'b: two'])
  expect(found.disputes.get('ram')?.message).toBe(
    `the placeholder "ram" is vmrun's own: that of a is left out`,
  )
})

test('what others contribute is guarded by their names, and what is vmrun’s own is not', () => {
  const guarded: string[] = []
  const guard = (name: string, thing: Thing): Thing => {
    guarded.push(`${name}: ${thing.name}`)
    return thing
  }
  collect([own, plugin('a', 'one')], 'placeholder', one => one.placeholders, {guard})
  expect(guarded).toEqual(['a: one'])
})
