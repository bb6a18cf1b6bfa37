import {readdir} from 'node:fs/promises'
import Module from 'node:module'
import {expect, test} from 'vitest'
import {Host} from '../e2e/host.js'
import {installPlugins, moduleOf} from '../e2e/plugins.js'

const nodeKeeps = 'enableCompileCache' in Module

async function codeDirectoryAfterTwoRuns(...plugins: readonly string[]): Promise<readonly string[]> {
  const host = await Host.with({name: 'vm-1'})
  const cache = host.emptyCache()
  if (plugins.length > 0) {
    await installPlugins(host, ...plugins.map(name => ({name, module: moduleOf('')})))
  }

  for (const _ of ['makes the directory', 'keeps more in it']) {
    expect((await host.vmrun('list')).exitCode).toBe(0)
  }

  return await readdir(`${cache}/code`)
}

test('modules of plugins are kept compiled where Node can do so', async () => {
  const kept = await codeDirectoryAfterTwoRuns('vmrun-plugin-one')
  expect(kept.includes('plugins')).toBe(nodeKeeps)
})

test('nothing more than vmrun’s own code is where there are no plugins', async () => {
  expect(await codeDirectoryAfterTwoRuns()).toEqual(['list.code'])
})
