import {mkdir} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {eventsOf, Host} from './host.js'
import {scriptWithOwnMounts} from './wrappers.js'

const told = 'Error: cannot write to standard output: no space is left\n'

const commands = [
  ['list'],
  ['list', '--json'],
  ['validate'],
  ['validate', '--format', 'sarif'],
  ['schema'],
  ['prune'],
  ['doctor'],
  ['build-iso', 'vm-1', '--force'],
  ['build-iso', 'vm-1', '--output', '-'],
  ['init', '--file', 'new.json', '--image', 'x', '--no-host-checks'],
  ['run', 'vm-1', '--dry-run'],
  ['run', 'vm-1'],
  ['run', 'vm-1', '--json'],
  ['run', 'vm-1', '--console', 'stdout'],
  ['--help'],
  ['run', '--help'],
  ['--version'],
  ['plugins'],
].map(words => ({words, title: words.join(' ')}))

test.each(commands)('output that cannot be written is no success: vmrun $title', async ({words}) => {
  const host = await Host.with({name: 'vm-1'})
  const {exitCode, stderr} = await host.startInShell('"$@" >/dev/full', ...words).ended
  expect(stderr).toContain(told)
  expect(stderr.split(told)).toHaveLength(2)
  expect(exitCode).toBe(1)
})

test('what failed for another reason keeps its exit code', async () => {
  const host = await Host.with({name: 'vm-1', 'cpu-core': 1})
  expect((await host.startInShell('"$@" >/dev/full', 'validate').ended).exitCode).toBe(2)
  expect((await host.startInShell('"$@" >/dev/full', 'list', '--json').ended).exitCode).toBe(2)
  expect((await host.startInShell('"$@" 2>/dev/full', 'list').ended).exitCode).toBe(2)
})

test.each([['schema'], ['list', '--json'], ['run', 'vm-1', '--json']])(
  'a reader that is gone has read what it wants: vmrun %s',
  async (...words) => {
    const host = await Host.with({name: 'vm-1'})
    const {stderr} = await host.startInShell('{ "$@"; echo "exit $?" >&2; } | true', ...words).ended
    expect(stderr).toBe('exit 0\n')
  },
)

test('a disk that has room for a part only is a full disk', async () => {
  const host = await Host.with({name: 'vm-1'})
  await mkdir(host.path('small'))
  const script = 'mount -t tmpfs -o size=4k none small && "$@" >small/schema'
  const {exitCode, stderr} = await host.startUnder(scriptWithOwnMounts(script), 'schema').ended
  expect(stderr).toBe(told)
  expect(exitCode).toBe(1)
})

test.each([
  {why: 'no space is left', script: '"$@"', console: '/dev/full'},
  {why: 'nobody reads it any more', script: 'mkfifo pipe; head -n 1 pipe >head & "$@"', console: 'pipe'},
])('a console that is lost is a notice, and the run goes on: $why', async ({why, script, console}) => {
  const host = await Host.with({
    name: 'vm-1',
    'timeout-seconds': 2,
    'grace-seconds': 0,
    config: {action: 'chatter'},
  })
  const ending = await host.startInShell(script, 'run', 'vm-1', '--console', console, '--json').ended
  const text = `The guest's console is lost, or a part of it: ${why}`
  expect(eventsOf(ending)).toContainEqual(expect.objectContaining({type: 'notice', text}))
  expect(eventsOf(ending).at(-1)).toMatchObject({verdict: 'timed-out'})
  expect(ending.exitCode).toBe(124)
})
