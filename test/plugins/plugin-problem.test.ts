import {expect, test} from 'vitest'
import {disputeProblem, failureProblem, misplacedProblem} from '../../src/plugins/plugin-problem.js'
import {loadedPlugin} from './sample-plugins.js'

const failed = {name: 'vmrun-plugin-a', version: '1.2.3', isOwn: false, type: 'user'}

test('a plugin that could not be loaded is told by name and version, with the way to be rid of it', () => {
  expect(failureProblem({...failed, failure: {message: 'boom'}})).toEqual({
    plugins: ['vmrun-plugin-a'],
    message: 'plugin vmrun-plugin-a 1.2.3 could not be loaded: boom',
    hint: 'Mend it, or remove it: vmrun plugins uninstall vmrun-plugin-a',
  })
})

test('unless something better can be done', () => {
  const failure = {message: 'boom', hint: 'Install a newer vmrun.'}
  expect(failureProblem({...failed, failure}).hint).toBe('Install a newer vmrun.')
})

test('of one that was not to be loaded, only that it adds nothing', () => {
  const plugin = {...failed, failure: {outcome: 'adds nothing', message: 'why'} as const}
  expect(failureProblem(plugin).message).toBe('plugin vmrun-plugin-a 1.2.3 adds nothing: why')
})

test('plugins that claim one name are all told by name', () => {
  expect(
    disputeProblem({name: 's390x', kind: 'architecture', plugins: ['a', 'b', 'c'], isOwn: false}),
  ).toEqual({
    plugins: ['a', 'b', 'c'],
    leftOut: 'the architecture "s390x" is contributed by a and by b and by c',
    message: 'the architecture "s390x" is contributed by a and by b and by c: it is left out',
    hint: 'Remove all but one of them: vmrun plugins uninstall a b c',
  })
})

test('a plugin that claims one name twice is told alone', () => {
  expect(disputeProblem({name: 's390x', kind: 'architecture', plugins: ['a'], isOwn: false})).toEqual({
    plugins: ['a'],
    leftOut: 'the architecture "s390x" is contributed by a more than once',
    message: 'the architecture "s390x" is contributed by a more than once: it is left out',
    hint: 'Mend it, or remove it: vmrun plugins uninstall a',
  })
})

test.each([
  [['vmrun', 'a'], 'a', 'Mend it, or remove it: vmrun plugins uninstall a'],
  [['vmrun', 'a', 'b'], 'a and b', 'Mend them, or remove them: vmrun plugins uninstall a b'],
])('what is vmrun’s own stays so: %j', (plugins, others, hint) => {
  expect(disputeProblem({name: 'cdrom', kind: 'config disk', plugins, isOwn: true})).toEqual({
    plugins: plugins.slice(1),
    leftOut: `the config disk "cdrom" is vmrun's own`,
    message: `the config disk "cdrom" is vmrun's own: that of ${others} is left out`,
    hint,
  })
})

test('a step without a place is told by its plugin', () => {
  const thing = {name: 'mount', title: 'Mount', after: 'nowhere', run: async () => ''}
  expect(
    misplacedProblem({claim: {plugin: loadedPlugin('a', {}), thing}, message: 'steps "mount": why'}),
  ).toEqual({
    plugins: ['a'],
    leftOut: 'steps "mount": why',
    message: 'plugin a: steps "mount": why',
  })
})
