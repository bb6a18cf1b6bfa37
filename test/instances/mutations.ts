import fc, {type Arbitrary} from 'fast-check'
import {anyText} from '../arbitraries.js'

const foreignPieces: readonly string[] = [
  ...`[ ] { } : , "" " 'a' // /* # NaN undefined null true - 01 1e999 0.1 -0 [] {} [{}]`.split(' '),
  ...['123456789012345678901234567890', '\0', '\ufeff', '\u2028', '\ud800', '"\0"', '9'.repeat(400)],
  ...['__proto__', 'config', 'name', 'image', 'ram', 'ssh-port', 'timeout-seconds', '\\ud800', '\\x'].map(
    text => `"${text}"`,
  ),
  ...['[['.repeat(400), '{"a":'.repeat(600), `${'['.repeat(499)}${']'.repeat(499)}`],
]

/** One change to a list of pieces. */
interface Mutation {
  readonly kind: 'delete' | 'double' | 'swap' | 'replace' | 'insert' | 'cut'
  readonly at: number
  readonly other: number
  readonly piece: string
}

const mutation: Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('delete', 'double', 'swap', 'replace', 'insert', 'cut'),
  at: fc.nat(),
  other: fc.nat(),
  piece: fc.oneof(
    fc.constantFrom(...foreignPieces),
    anyText.map(text => JSON.stringify(text)),
    anyText,
  ),
})

/** None or a few changes to a list of pieces. */
export const mutations: Arbitrary<readonly Mutation[]> = fc.array(mutation, {maxLength: 4})

/** The same, but that nothing comes to stand where something else stood: a secret stays where it is one. */
export const slips: Arbitrary<readonly Mutation[]> = mutations.map(changes =>
  changes.filter(({kind}) => kind !== 'swap'),
)

/** The pieces after some changes: a document or not. */
export function mutated(pieces: readonly string[], changes: readonly Mutation[]): readonly string[] {
  return changes.reduce(changed, pieces)
}

function changed(pieces: readonly string[], {kind, at, other, piece}: Mutation): readonly string[] {
  if (pieces.length === 0) {
    return [piece]
  }

  const index = at % pieces.length
  const here = pieces[index] ?? ''
  switch (kind) {
    case 'delete':
      return pieces.toSpliced(index, 1)
    case 'double':
      return pieces.toSpliced(index, 0, here)
    case 'swap':
      return pieces.with(index, pieces[other % pieces.length] ?? '').with(other % pieces.length, here)
    case 'replace':
      return pieces.toSpliced(index, 1, piece)
    case 'insert':
      return pieces.toSpliced(index, 0, piece)
    case 'cut':
      return pieces.slice(0, index)
  }
}
