import {afterEach, expect, test, vi} from 'vitest'
import {type Audience, chooseRenderer} from '../../src/render/choose-renderer.js'
import {Terminal} from '../../src/render/terminal.js'

const {isTTY, columns} = process.stdout

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  Object.assign(process.stdout, {isTTY, columns})
})

const somebody: Audience = {json: false, consoleOnStdout: false}

/** What a notice looks like, and where it goes. */
async function shown(audience: Audience): Promise<{readonly stdout: string; readonly stderr: string}> {
  const written = {stdout: '', stderr: ''}
  const renderer = await chooseRenderer(audience)
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation(text => {
      written[name] += String(text)
      return true
    })
  }

  renderer.listener({type: 'notice', text: 'hello'})
  vi.restoreAllMocks()
  return written
}

const json = expect.stringMatching(/^\{.*"text":"hello"\}\n$/u)

test.each([
  ['JSON when somebody asks for it', {...somebody, json: true}, {stdout: json, stderr: ''}],
  [
    'JSON though there is a console, which goes to stderr then',
    {json: true, consoleOnStdout: true},
    {stdout: json, stderr: ''},
  ],
  [
    'plain lines on stderr where the console has stdout',
    {...somebody, consoleOnStdout: true},
    {stdout: '', stderr: 'hello\n'},
  ],
])('a terminal gets %s', async (_, audience, expected) => {
  process.stdout.isTTY = true
  vi.stubEnv('CI', undefined)
  expect(await shown(audience)).toEqual(expected)
})

test('a pipe gets plain lines', async () => {
  process.stdout.isTTY = false
  vi.stubEnv('CI', undefined)
  expect(await shown(somebody)).toEqual({stdout: 'hello\n', stderr: ''})
})

test('CI gets plain lines, also where it has a terminal', async () => {
  process.stdout.isTTY = true
  vi.stubEnv('CI', 'true')
  expect(await shown(somebody)).toEqual({stdout: 'hello\n', stderr: ''})
})

test('a person at a terminal gets a drawing', async () => {
  Object.assign(process.stdout, {isTTY: true, columns: 80})
  vi.stubEnv('CI', undefined)
  expect(await chooseRenderer(somebody)).toBeInstanceOf(Terminal)
})

test('a terminal that has no width gets plain lines', async () => {
  Object.assign(process.stdout, {isTTY: true, columns: 0})
  vi.stubEnv('CI', undefined)
  expect(await shown(somebody)).toEqual({stdout: 'hello\n', stderr: ''})
})
