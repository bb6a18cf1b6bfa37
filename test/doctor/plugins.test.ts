import {expect, test} from 'vitest'
import {examinePlugins} from '../../src/doctor/plugins.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import type {FailedPlugin} from '../../src/plugins/loaded-plugin.js'
import {Registry} from '../../src/plugins/registry.js'
import {loadedPlugin, ownPlugin} from '../plugins/sample-plugins.js'

function findingsOf(...plugins: ConstructorParameters<typeof Registry>[0]) {
  return examinePlugins(new Registry([ownPlugin(), ...plugins]))
}

const failed: FailedPlugin = {
  name: 'vmrun-plugin-broken',
  version: '2.0.0',
  isOwn: false,
  failure: {message: 'boom'},
}

test('vmrun itself is no plugin of anybody’s', () => {
  expect(findingsOf()).toEqual([])
})

test('a plugin is listed with what it contributes', () => {
  const architectures = [
    {...x86_64, name: 's390x'},
    {...aarch64, name: 'riscv64'},
  ]
  expect(findingsOf(loadedPlugin('vmrun-plugin-many', {architectures, steps: []}))).toEqual([
    {
      ...{check: 'plugin', subject: 'vmrun-plugin-many', version: '1.0.0', state: 'good'},
      contributes: {architectures: ['s390x', 'riscv64']},
      message: '1.0.0: architecture s390x, riscv64',
    },
  ])
})

test('one that could not be loaded is missing, with what to do', () => {
  expect(findingsOf(failed)).toEqual([
    {
      ...{check: 'plugin', subject: 'vmrun-plugin-broken', version: '2.0.0', state: 'missing'},
      message: 'could not be loaded: boom',
      hint: 'Mend it, or remove it: vmrun plugins uninstall vmrun-plugin-broken',
    },
  ])
})

test('one that claims what is another’s is poor, and so is the other', () => {
  const architectures = [{...x86_64, name: 's390x'}]
  const found = findingsOf(loadedPlugin('one', {architectures}), loadedPlugin('other', {architectures}))
  const why = 'the architecture "s390x" of one and other is left out: a name can be contributed once'
  expect(found.map(({subject, state, message}) => [subject, state, message])).toEqual([
    ['one', 'poor', `1.0.0: architecture s390x; ${why}`],
    ['other', 'poor', `1.0.0: architecture s390x; ${why}`],
  ])
})

test('a step without a place is told with what the plugin contributes', () => {
  const step = {name: 'mount', title: 'Mount', after: 'nowhere', run: async () => ''}
  const placed = {...step, name: 'log', after: 'overlay'}
  const message =
    /^1\.0\.0: step mount, log; step "mount" of a is left out: after "nowhere": there is no such step/u
  const contributes = {steps: ['mount', 'log']}
  expect(findingsOf(loadedPlugin('a', {steps: [step, placed]}))).toMatchObject([
    {subject: 'a', state: 'poor', contributes, message: expect.stringMatching(message)},
  ])
})
