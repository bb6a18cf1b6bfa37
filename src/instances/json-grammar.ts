/** A place where a text stops being JSON. The message never repeats the text: it may be a secret. */
export interface SyntaxFault {
  /** In UTF-16 code units from the text's beginning. */
  readonly offset: number
  readonly message: string
  readonly hint?: string | undefined
}

/** What a text of JSON consists of. A literal is a number, true, false or null. */
export type Token = '[' | ']' | '{' | '}' | ':' | ',' | 'string' | 'literal' | 'end of file' | 'other'

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
