import type {RuleId} from '../rules.js'

/** A part of a text, in UTF-16 code units from its beginning; the end is behind it. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A place where a text stops being JSON. The message never repeats the text: it may be a secret. */
export interface SyntaxFault extends Span {
  readonly rule: RuleId
  readonly message: string
  readonly hint?: string | undefined
  /**
   * Whether it is so plain what was meant that the rest of the text can be taken to mean what it says. After any other
   * fault, what looks like a key may be a part of a value.
   */
  readonly isPlain: boolean
}
