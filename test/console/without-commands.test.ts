import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {withoutCommands} from '../../src/console/without-commands.js'

/** What is shown of a console that arrives in these chunks. */
async function shown(...chunks: readonly string[]): Promise<string> {
  const console = withoutCommands()
  const all = text(console)
  for (const chunk of chunks) {
    console.write(Buffer.from(chunk))
  }

  console.end()
  return await all
}

test.each([
  ['nothing', [''], ''],
  ['lines', ['::error::a\n', '##[error]b\n'], '::error::a\n##[error]b\n'],
  ['a last line without an end', ['a\nb'], 'a\nb\n'],
  ['control characters', ['\u001b[2J\u0000\r\n'], '\u001b[2J\u0000\r\n'],
])('GitHub Actions takes no commands between the first line and the last: %s', async (_, chunks, passed) => {
  const [, word, console] =
    /^::stop-commands::(?<word>[0-9a-f-]{36})\n(?<console>.*)::\k<word>::\n$/su.exec(
      await shown(...chunks),
    ) ?? []
  expect(word).toBeDefined()
  expect(console).toBe(passed)
})

test('the word that ends it is another each time', async () => {
  expect(await shown('a')).not.toBe(await shown('a'))
})
