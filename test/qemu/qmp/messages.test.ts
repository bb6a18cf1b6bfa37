import fc from 'fast-check'
import {expect, test} from 'vitest'
import {LineSplitter, parseMessage} from '../../../src/qemu/qmp/messages.js'
import {oddMessage} from './odd-messages.js'

test.each([
  ['the greeting', '{"QMP": {"version": {}, "capabilities": ["oob"]}}', {kind: 'greeting'}],
  ['an empty result', '{"return": {}, "id": 7}', {kind: 'result', id: 7, result: {}}],
  ['a list as a result', '{"id": 0, "return": [1]}', {kind: 'result', id: 0, result: [1]}],
  [
    'an error',
    '{"id": 1, "error": {"class": "GenericError", "desc": "no such device"}}',
    {kind: 'error', id: 1, description: 'no such device'},
  ],
  [
    'an error that says nothing readable',
    '{"id": 1, "error": {"desc": {"toString": 0}}}',
    {kind: 'error', id: 1, description: 'it did not say why'},
  ],
  [
    'an error of another shape',
    '{"id": 1, "error": "x"}',
    {kind: 'error', id: 1, description: 'it did not say why'},
  ],
  [
    'an event',
    '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "SHUTDOWN", "data": {"guest": true}}',
    {kind: 'event', event: {name: 'SHUTDOWN', data: {guest: true}}},
  ],
  ['an event without data', '{"event": "STOP"}', {kind: 'event', event: {name: 'STOP', data: {}}}],
  [
    'an event whose data is no object',
    '{"event": "STOP", "data": [1]}',
    {kind: 'event', event: {name: 'STOP', data: {}}},
  ],
  ['a result without an id', '{"return": {}}', {kind: 'unknown'}],
  ['a result with another kind of id', '{"return": {}, "id": "7"}', {kind: 'unknown'}],
  ['an empty object', '{}', {kind: 'unknown'}],
  ['an array', '[]', {kind: 'unknown'}],
  ['null', 'null', {kind: 'unknown'}],
  ['a number', '42', {kind: 'unknown'}],
  ['a carriage return at the end', '{"event": "STOP"}\r', {kind: 'event', event: {name: 'STOP', data: {}}}],
])('%s is read', (_, line, message) => {
  expect(parseMessage(line)).toEqual(message)
})

test.each(['', 'QMP', '{"event": "STOP"', '{"event": "STOP"} x'])(
  'what is not JSON is not read: %j',
  line => {
    expect(() => parseMessage(line)).toThrow(SyntaxError)
  },
)

test('whatever JSON QEMU says is read, whatever its shape', () => {
  fc.assert(
    fc.property(oddMessage, message => {
      expect(parseMessage(JSON.stringify(message))).toHaveProperty('kind')
    }),
    {numRuns: 1000},
  )
})

function linesOf(chunks: readonly Uint8Array[], limit = 1000): readonly string[] {
  const splitter = new LineSplitter(limit)
  return chunks.flatMap(chunk => [...splitter.push(Buffer.from(chunk))])
}

test('a line is given when it is complete, and not before', () => {
  const splitter = new LineSplitter(1000)
  expect([...splitter.push(Buffer.from('on'))]).toEqual([])
  expect([...splitter.push(Buffer.from('e\ntw'))]).toEqual(['one'])
  expect([...splitter.push(Buffer.from('o\n'))]).toEqual(['two'])
})

test.each([
  ['U+2028', '\u2028'],
  ['U+2029', '\u2029'],
  ['U+0085', '\u0085'],
  ['a carriage return', '\r'],
  ['a form feed', '\f'],
  ['NUL', '\0'],
])('%s ends no line', (_, character) => {
  expect(linesOf([Buffer.from(`a${character}b\n`)])).toEqual([`a${character}b`])
})

test('a line at the limit is taken, one over it is not', () => {
  expect(linesOf([Buffer.from('1234567890\n')], 10)).toEqual(['1234567890'])
  expect(() => linesOf([Buffer.from('12345678901\n')], 10)).toThrow(RangeError)
})

test('a line over the limit is refused before it is complete', () => {
  expect(() => linesOf([Buffer.from('12345678901')], 10)).toThrow(RangeError)
})

test('the limit is that of one line, not of all', () => {
  expect(linesOf([Buffer.from('12345678\n'.repeat(100))], 10)).toHaveLength(100)
})
