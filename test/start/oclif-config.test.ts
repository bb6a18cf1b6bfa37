import {Plugin} from '@oclif/core/config'
import {beforeAll, describe, expect, test} from 'vitest'
import List from '../../src/commands/list.js'
import {ownPlugin} from '../../src/start/oclif-config.js'

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/u, '')

describe('vmrun’s own package is to oclif what it would find by itself', () => {
  const own = ownPlugin(root, 'list', List)
  const found = new Plugin({root, isRoot: true})

  beforeAll(() => found.load())

  test.each([
    ...([
      'name',
      'alias',
      'version',
      'root',
      'type',
      'moduleType',
      'isRoot',
      'valid',
      'hooks',
      'topics',
    ] as const),
  ])('%s', key => {
    expect(own[key]).toEqual(found[key])
  })

  test('with the one command that is to be run', async () => {
    expect(own.commandIDs).toEqual(['list'])
    expect(found.commandIDs).toContain('list')
    const [command] = own.commands
    expect(command).toMatchObject({id: 'list', aliases: []})
    expect(await command?.load()).toBe(List)
    expect(List.plugin).toBe(own)
  })
})
