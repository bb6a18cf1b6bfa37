import {expect, test} from 'vitest'
import {Registry} from '../../src/plugins/registry.js'
import {ownPlugin} from '../plugins/sample-plugins.js'
import {foundBy} from './checked.js'

test.each([['${{ env:TOKEN'], ['${{ }}'], ['${{ env }}'], ['${{ env: }}']])(
  '%s is malformed, and nothing of it is repeated',
  async text => {
    const found = await foundBy(['vmrun/malformed-placeholder', 'vmrun/unknown-placeholder'], {
      config: {a: [{b: `s3cret ${text}`}]},
    })
    expect(found).toMatchObject([{rule: 'vmrun/malformed-placeholder', at: ['config', 'a', 0, 'b']}])
    expect(JSON.stringify(found)).not.toContain('s3cret')
  },
)

test('a function that nobody offers is an error, with the nearest one', async () => {
  expect(
    await foundBy(['vmrun/malformed-placeholder', 'vmrun/unknown-placeholder'], {
      config: {t: '${{ evn:TOKEN }}'},
    }),
  ).toEqual([
    {
      rule: 'vmrun/unknown-placeholder',
      message: 'config.t: unknown function evn in a placeholder',
      hint: 'did you mean env?',
      at: ['config', 't'],
    },
  ])
})

test('where a plugin could not be loaded, it may be that one’s, and so that is said', async () => {
  const failed = {name: 'vault', version: '1.0.0', isOwn: false, type: 'user', failure: {message: 'boom'}}
  const registry = new Registry([failed, ownPlugin()])
  expect(
    await foundBy(
      ['vmrun/malformed-placeholder', 'vmrun/unknown-placeholder'],
      {config: {t: '${{ vault:a/b }}'}},
      registry,
    ),
  ).toMatchObject([{hint: expect.stringContaining('could not be loaded: vault')}])
})

test('placeholders that can be resolved elsewhere are fine, as is what stands for itself', async () => {
  const config = {
    a: '${{ env:VMRUN_TEST_UNSET }}-${{file:gone}}',
    b: '$${{ x }}',
    c: '{{ x }}',
    '${{ key }}': 1,
  }
  expect(await foundBy(['vmrun/malformed-placeholder', 'vmrun/unknown-placeholder'], {config})).toEqual([])
})

test('every one of a text is told', async () => {
  const found = await foundBy(['vmrun/malformed-placeholder', 'vmrun/unknown-placeholder'], {
    config: {t: '${{ a:b }} ${{ c }} ${{ env:D }} ${{ e:f }}'},
  })
  expect(found.map(({rule}) => rule)).toEqual([
    'vmrun/unknown-placeholder',
    'vmrun/malformed-placeholder',
    'vmrun/unknown-placeholder',
  ])
})
