import {expect, test} from 'vitest'
import {checkText} from '../../src/instances/instances-file.js'
import type {TextProblem} from '../../src/instances/problem.js'
import {Registry} from '../../src/plugins/registry.js'
import {checks} from '../../src/validation/checks.js'
import {ownPlugin, ownRegistry} from '../plugins/sample-plugins.js'

/** What is found on any host in an entry that holds but for what it is given. */
async function foundIn(given: object, registry = ownRegistry): Promise<readonly TextProblem[]> {
  const written = {name: 'vm-1', image: 'a.qcow2', 'timeout-seconds': 5, arch: 'x86_64', config: {}, ...given}
  const {entries} = checkText(JSON.stringify([written]), registry)
  const found = entries.flatMap(entry => checks.map(check => check(entry, registry)))
  return (await Promise.all(found)).flat()
}

test.each([
  [{arch: 'x86-64'}, 'unknown-architecture', 'arch', 'did you mean x86_64?'],
  [
    {arch: 's390x'},
    'unknown-architecture',
    'arch',
    /^the plugin vmrun-plugin-s390x adds it: "vmrun plugins"/u,
  ],
  // An instance of which something else does not hold is looked at too.
  [{arch: 'vax', ram: 'much', 'timeout-seconds': 0}, 'unknown-architecture', 'arch', /^a plugin may add it/u],
  [{'config-disk': 'cdrm'}, 'unknown-config-disk', 'config-disk', 'did you mean cdrom?'],
  [{'config-disk': {kind: 'cdrom', speed: 52}}, 'config-disk-options', 'config-disk', /"kind" and "bus"/u],
  [
    {arch: 'aarch64', 'config-disk': {kind: 'cdrom', bus: 'ide'}},
    'config-disk-options',
    'config-disk',
    /scsi/u,
  ],
  [{'config-disk': 'nocloud', config: {'user-dat': ''}}, 'config-disk-options', 'config-disk', /user-data/u],
  [
    {config: {a: [{b: 's3cret ${{ env:TOKEN'}]}},
    'malformed-placeholder',
    'config.a[0].b',
    /^write \$\{\{ NAME/u,
  ],
  [{config: {a: 's3cret ${{ }}'}}, 'malformed-placeholder', 'config.a', /^write/u],
  [{config: {a: 's3cret ${{ env }}'}}, 'malformed-placeholder', 'config.a', /^write/u],
  [{config: {a: 's3cret ${{ env: }}'}}, 'malformed-placeholder', 'config.a', /^write/u],
  [{config: {t: '${{ evn:TOKEN }}'}}, 'unknown-placeholder', 'config.t', 'did you mean env?'],
  [{ram: '4M'}, 'little-ram', 'ram', /^give it "512M"/u],
])('%j breaks %s and nothing else, at %s', async (given, rule, key, hint) => {
  const found = await foundIn(given)
  expect(found).toMatchObject([
    {rule: `vmrun/${rule}`, key, hint: typeof hint === 'string' ? hint : expect.stringMatching(hint)},
  ])
  expect(JSON.stringify(found)).not.toContain('s3cret')
})

test.each([
  // What is no name is told already, and so is what depends on what is not known.
  {arch: 7},
  {arch: 'x86_64', 'config-disk': {kind: 'cdrom', bus: 'ide'}},
  // Placeholders are not resolved, keys hold none, and what is no placeholder stands for itself.
  {config: {a: '${{ env:VMRUN_TEST_UNSET }}-${{file:gone}}', b: '$${{ x }}', c: '{{ x }}', '${{ key }}': 1}},
])('nothing is found in %j', async given => {
  expect(await foundIn(given)).toEqual([])
})

test('where a plugin could not be loaded, a placeholder may be that one’s, and so that is said', async () => {
  const failed = {name: 'vault', version: '1.0.0', isOwn: false, type: 'user', failure: {message: 'boom'}}
  const registry = new Registry([failed, ownPlugin()])
  expect(await foundIn({config: {t: '${{ vault:a/b }}'}}, registry)).toMatchObject([
    {hint: expect.stringContaining('could not be loaded: vault')},
  ])
})

test('every placeholder of a text is told', async () => {
  const found = await foundIn({config: {t: '${{ a:b }} ${{ c }} ${{ env:D }} ${{ e:f }}'}})
  expect(found.map(({rule}) => rule)).toEqual(
    ['unknown', 'malformed', 'unknown'].map(kind => `vmrun/${kind}-placeholder`),
  )
})
