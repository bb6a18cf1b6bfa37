import {expect, test} from 'vitest'
import {receiverKey, receiverOf} from '../src/receiver.js'

const {schema} = receiverKey

test.each(['https://ci.example.com/vmrun?key=1', 'http://127.0.0.1:8080', 'http://[::1]:8080/'])(
  '%s is a URL to post to',
  url => {
    expect(schema.safeParse({url}).success).toBe(true)
  },
)

test('the key may be left out', () => {
  expect(schema.safeParse(undefined).success).toBe(true)
  expect(receiverOf({})).toBeUndefined()
})

test.each([
  ['no URL', 'ci.example.com'],
  ['nothing', ''],
  ['a file', 'file:///etc/passwd'],
  ['a URL with a password', 'https://user:secret@ci.example.com'],
  ['a URL with a user name', 'https://secret@ci.example.com'],
  ['a number', 1],
  ['none', undefined],
])('%s is refused, in words to which vmrun does not add what was found', (_, url) => {
  const messages = schema.safeParse({url}).error?.issues.map(({message}) => message)
  expect(messages).toEqual([
    expect.stringMatching(/^expected a URL that begins with https:\/\/ or http:\/\//u),
  ])
})

test.each([
  ['https://ci.example.com/secret', ['expected an object with a url']],
  [null, ['expected an object with a url']],
  [{url: 'https://ci.example.com', headers: {}}, ['Unrecognized key: "headers"']],
])('%j is refused, in such words', (value, expected) => {
  expect(schema.safeParse(value).error?.issues.map(({message}) => message)).toEqual(expected)
})

test('what is shown of it is the host’s name', () => {
  const url = 'https://ci.example.com:8443/hooks/secret?key=secret'
  expect(receiverOf({webhook: {url}})).toEqual({url, host: 'ci.example.com'})
})
