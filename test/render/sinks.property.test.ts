import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {HostError, UsageError} from '../../src/errors/errors.js'
import {doctorPage} from '../../src/render/doctor-page.js'
import {instanceTable} from '../../src/render/instance-table.js'
import {formatProblems, formats} from '../../src/render/problems/formats.js'
import {jsonLines, plainLines} from '../../src/render/renderer.js'
import {planScript} from '../../src/render/shell-script.js'
import {errorText} from '../../src/start/show-error.js'
import {printable, printableJson, printableLines} from '../../src/text/printable.js'
import {sampleInstance} from '../run/sample-run.js'
import {everyEvent} from './every-event.js'
import {validated} from './problems/validated.js'
import {shown} from './shown.js'

/** A text that tries everything, and a line of its own with it. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        '\u001b[2J',
        '\u001b]0;x\u0007',
        '\u009b31m',
        '\u202e',
        '\u2066',
        '\u2028',
        '\u2029',
        '\u0085',
        '\r',
      ],
      ...[
        '\n',
        '\r\n',
        '\t',
        '::error::x',
        ' ::add-mask::x',
        '##[error]x',
        'a',
        ' ',
        '\ud800',
        "'",
        '"',
        '\\',
      ],
    ),
    {minLength: 1, maxLength: 8},
  )
  .map(pieces => `::error::${pieces.join('')}\nINJECTED`)

const harmful = /(?![\n])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]|##\[|^\s*INJECTED/mu
const command = /^\s*::/mu

/** How a text looks in the mouth of each who speaks to people. */
const speakers: Readonly<Record<string, (text: string) => Promise<string> | string>> = {
  error: text => errorText(new HostError(text, {hint: text})),
  'error of several lines': text => errorText(new UsageError([text, text], {hint: [text, text]})),
  'plain lines': async text => (await shown(plainLines, everyEvent(text))).join('\n'),
  'JSON lines': async text => (await shown(jsonLines, everyEvent(text))).join('\n'),
  list: text => {
    const {config: _, ...sample} = sampleInstance
    const image = `/images/${text.replaceAll('/', '')}`
    const listed = {...sample, name: text, arch: text, image, imageState: {state: 'missing'}} as const
    return printableLines(instanceTable([listed]))
  },
  doctor: text => {
    const problem = {message: printable(text), hint: printable(text)}
    const instance = {name: text, state: 'missing', message: text, problems: [problem]} as const
    const finding = {
      check: 'qemu',
      subject: text,
      state: 'poor',
      message: text,
      hint: printable(text),
    } as const
    return printableLines(doctorPage({findings: [finding], file: text, instances: [instance]}))
  },
  'dry run': text => printableLines(planScript([{name: 'x', title: text, commands: [[text, text]]}])),
  JSON: text => printableJson({[text]: [text]}, 2),
}

test.each(Object.keys(speakers))('no text acts on a terminal, a log or GitHub Actions: %s', async speaker => {
  await fc.assert(
    fc.asyncProperty(hostile, async text => {
      const spoken = (await speakers[speaker]?.(text)) ?? ''
      expect(spoken).not.toMatch(harmful)
      expect(spoken).not.toMatch(command)
    }),
    {numRuns: 100},
  )
})

const reader = {hasColors: false, columns: 100, version: '0'}

test.each(formats)('no text acts on a terminal, a log or GitHub Actions: problems as %s', async format => {
  const [found] = (await validated('[1]')).problems
  await fc.assert(
    fc.asyncProperty(hostile, async text => {
      // Its texts are made printable as it becomes a problem of a file: see below.
      const file = Buffer.from(text).toString()
      const problem = {...found, rule: 'vmrun/missing-image', severity: 'error', file} as const
      const problems = [{...problem, message: printable(text), hint: printable(text)}]
      const spoken = await formatProblems(
        {files: [{path: file, text: `[${text}]`, root: undefined, problems}], outcome: 'problems'},
        format,
        reader,
      )
      // What is a command as a whole has no other in it.
      expect(spoken.replaceAll(/^::error .*$/gmu, line => line.replaceAll('##[', ''))).not.toMatch(harmful)
      expect(spoken.split('\n').filter(line => command.test(line))).toHaveLength(format === 'github' ? 1 : 0)
    }),
    {numRuns: 100},
  )
})

test('the texts of a problem are printable, whatever they quote', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async text => {
      const {problems} = await validated(JSON.stringify([{name: text, [text]: 1, ram: text, arch: text}]))
      expect(problems.length).toBeGreaterThan(2)
      for (const {message, hint = '', instance = '', key = ''} of problems) {
        expect(printable(message + hint + instance + key)).toBe(message + hint + instance + key)
      }
    }),
    {numRuns: 50},
  )
})

test('JSON that is printable says the same', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({unit: 'binary'})), text => {
      expect(JSON.parse(printableJson({[text]: text}, 2))).toEqual({[text]: text})
    }),
  )
})

test('styles of vmrun’s own stay', () => {
  expect(printableLines('\u001b[1m\u001b[31merror\u001b[39m\u001b[22m\n\u001b[8mhidden')).toBe(
    '\u001b[1m\u001b[31merror\u001b[39m\u001b[22m\n\\u001b[8mhidden',
  )
})

/** Who may write to this process's streams: each makes what it writes printable. */
const sinks = [
  'start/base-command.ts',
  'start/show-error.ts',
  // Formats of problems are printable, and one of them is commands for GitHub Actions.
  'commands/validate.ts',
  'render/terminal.ts',
]

test('what is written to a terminal is written by those who make it printable', async () => {
  const source = new URL('../../src', import.meta.url).pathname
  const writing: string[] = []
  for (const file of await readdir(source, {recursive: true})) {
    const text = file.endsWith('.ts') ? await readFile(path.join(source, file), 'utf8') : ''
    if (/process\.std(?:out|err)\.write\(|console\.(?:log|error|warn)\(/u.test(text)) {
      writing.push(file)
    }
  }

  expect(new Set(writing)).toEqual(new Set(sinks))
})
