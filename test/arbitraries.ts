import fc, {type Arbitrary} from 'fast-check'
import type {JsonObject, JsonValue} from '../src/contract/json-value.js'

/** Pieces of text that a program between the file and the guest might read something into. */
const hostilePieces: readonly string[] = [
  ...[
    '"',
    "'",
    '\\',
    '`',
    ',',
    ',,',
    '=',
    ':',
    '/',
    '#',
    '%s',
    '&',
    ';',
    '|',
    '<',
    '>',
    '(',
    ')',
    '*',
    '?',
    '~',
  ],
  ...[
    '$',
    '${{',
    '$${{',
    '}}',
    '{',
    '}',
    '[',
    ']',
    '$(id)',
    '${HOME}',
    '!',
    '-',
    '--',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\r',
  ],
  ...[
    '\u001b[2J',
    '\u0007',
    '\u007f',
    '\u0085',
    '\u2028',
    '\u2029',
    '\u202e',
    '\ufeff',
    '\ufffd',
    '\u00e9',
    'e\u0301',
  ],
  ...[
    '十二',
    '🙂',
    '👩‍👩‍👧',
    'json:',
    'nbd:',
    'file:',
    'true',
    'null',
    '__proto__',
    String.raw`\u0041`,
    '0',
    'a',
  ],
]

/** Any text that can be written as UTF-8 and handed to a program as an argument: without NUL. */
export const argumentText: Arbitrary<string> = fc
  .oneof(
    fc.string({unit: 'grapheme'}),
    fc.string({unit: 'binary'}),
    fc.string({unit: fc.constantFrom(...hostilePieces)}),
  )
  .map(text => text.replaceAll('\0', ''))

/** Any text that a JavaScript string can hold, with NUL and halves of surrogate pairs. */
export const anyText: Arbitrary<string> = fc.oneof(
  argumentText,
  fc.string({unit: 'binary'}),
  fc.string({unit: fc.nat(0xff_ff).map(unit => String.fromCharCode(unit))}),
  fc.string({unit: fc.integer({min: 0xd7_fe, max: 0xe0_01}).map(unit => String.fromCharCode(unit))}),
)

/** What a file or a directory may be called. */
export const fileName: Arbitrary<string> = argumentText
  .map(text => text.replaceAll('/', ''))
  .filter(name => name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) < 200)

const anyKey = fc.oneof(anyText, fc.constantFrom('__proto__', 'constructor', 'toString', '', '0', '-1'))

const json = fc.letrec<{readonly value: JsonValue; readonly object: JsonObject}>(tie => ({
  value: fc.oneof(
    {depthSize: 'small', maxDepth: 6},
    fc.constantFrom(null, true, false),
    fc.oneof(fc.integer(), fc.double({noNaN: true, noDefaultInfinity: true})),
    anyText,
    fc.array(tie('value'), {maxLength: 4}),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(anyKey, tie('value')), {maxLength: 4, selector: ([key]) => key})
    // Object.fromEntries keeps `__proto__` as data, where an assignment would not.
    .map(entries => Object.fromEntries(entries)),
}))

/** Any object of JSON whose numbers are held exactly. */
export const jsonObject: Arbitrary<JsonObject> = json.object

/** Any value of JSON whose numbers are held exactly. */
export const jsonValue: Arbitrary<JsonValue> = json.value
