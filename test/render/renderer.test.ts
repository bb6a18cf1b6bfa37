import {afterEach, expect, test, vi} from 'vitest'
import {type Audience, chooseRenderer} from '../../src/render/renderer.js'
import {Terminal} from '../../src/render/terminal.js'
import {captured} from '../start/captured.js'

const {isTTY, columns} = process.stdout

afterEach(() => {
  Object.assign(process.stdout, {isTTY, columns})
})

const somebody: Audience = {json: false, consoleOnStdout: false}

/** What a notice looks like, and where it goes. */
async function shown(audience: Audience): Promise<{readonly stdout: string; readonly stderr: string}> {
  const renderer = await chooseRenderer(audience)
  const {stdout, stderr} = captured()
  renderer.listener({type: 'notice', text: 'hello'})
  return {stdout: stdout(), stderr: stderr()}
}

const json = expect.stringMatching(/^\{.*"text":"hello"\}\n$/u)

const plain = {stdout: 'hello\n', stderr: ''}
const terminal = {isTTY: true, columns: 80}
const consoleOnStdout = true

test.each([
  {what: 'JSON when somebody asks for it', asked: {json: true}, gets: {stdout: json, stderr: ''}},
  {
    what: 'JSON though there is a console, which goes to stderr then',
    asked: {json: true, consoleOnStdout},
    gets: {stdout: json, stderr: ''},
  },
  {
    what: 'plain lines on stderr where the console has stdout',
    asked: {consoleOnStdout},
    gets: {stdout: '', stderr: 'hello\n'},
  },
  {what: 'plain lines on a pipe', stream: {isTTY: false}, gets: plain},
  {what: 'plain lines in CI, also where that has a terminal', ci: 'true', gets: plain},
  {what: 'plain lines on a terminal without a width', stream: {isTTY: true, columns: 0}, gets: plain},
])('somebody gets $what', async ({asked, stream = terminal, ci, gets}) => {
  Object.assign(process.stdout, stream)
  vi.stubEnv('CI', ci)
  expect(await shown({...somebody, ...asked})).toEqual(gets)
})

test('a person at a terminal gets a drawing', async () => {
  Object.assign(process.stdout, terminal)
  vi.stubEnv('CI', undefined)
  expect(await chooseRenderer(somebody)).toBeInstanceOf(Terminal)
})
