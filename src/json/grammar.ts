/** What a text that is nearly JSON consists of. A literal is a number, true, false or null; from `comment` on, none is JSON. */
export type Token =
  | '['
  | ']'
  | '{'
  | '}'
  | ':'
  | ','
  | 'string'
  | 'literal'
  | 'end of file'
  | 'comment'
  | 'quotes'
  | 'number'
  | 'word'
  | 'other'

/** What may stand at a place in a text of JSON. */
export type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'end of file'

type Transitions = Readonly<Partial<Record<Token, Expected | 'after value'>>>

const value: Transitions = {
  string: 'after value',
  literal: 'after value',
  '[': 'value or ]',
  '{': 'key or }',
}

/** What may stand where, and what is expected behind it: RFC 8259, sections 2 to 5. */
export const grammar: Readonly<Record<Expected, Transitions>> = {
  value,
  'value or ]': {...value, ']': 'after value'},
  key: {string: ':'},
  'key or }': {string: ':', '}': 'after value'},
  ':': {':': 'value'},
  ', or ]': {',': 'value', ']': 'after value'},
  ', or }': {',': 'key', '}': 'after value'},
  'end of file': {},
}

/** What is expected behind a value inside `bracket`, the innermost one that is open. */
export function expectedInside(bracket: string | undefined): Expected {
  if (bracket === undefined) {
    return 'end of file'
  }
  return bracket === '[' ? ', or ]' : ', or }'
}

/** Whether a value may stand where this is expected. */
export function expectsValue(expected: Expected): boolean {
  return expected === 'value' || expected === 'value or ]'
}

/** Whether a key may stand where this is expected. */
export function expectsKey(expected: Expected): boolean {
  return expected === 'key' || expected === 'key or }'
}
