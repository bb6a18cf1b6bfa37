import fc, {type Arbitrary} from 'fast-check'

const token = /"(?:\\.|[^"\\])*"|[[\]{}:,]|[^\s"[\]{}:,]+/gsu

/** The pieces that a text of JSON consists of: brackets, colons, commas, strings, and the rest. */
export function tokensOf(text: string): readonly string[] {
  return text.match(token) ?? []
}

const wholeNumber = /^-?\d+$/u
const oneCharacter = /\\u[\da-f]{4}|\\.|[^"\\]/gsu

/** The same piece in another of the ways in which JSON lets it be written. */
function respelled(piece: string, way: number): string {
  if (wholeNumber.test(piece)) {
    return [piece, `${piece}.0`, `${piece}e0`, `${piece}.00E+0`][way % 4] ?? piece
  }

  return piece.startsWith('"') && way % 2 === 1
    ? `"${piece.slice(1, -1).replace(oneCharacter, character => (character.startsWith('\\') ? character : escaped(character)))}"`
    : piece
}

function escaped(character: string): string {
  return Array.from(
    {length: character.length},
    (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
}

const blanks = fc.string({unit: fc.constantFrom(' ', '\n', '\t', '\r', '\r\n', ''), maxLength: 3})

/** How a document is laid out: what stands between its pieces, and how each of them is spelled. */
interface Layout {
  readonly between: readonly string[]
  readonly spelling: readonly number[]
}

/** Any layout that JSON allows. */
export const anyLayout: Arbitrary<Layout> = fc.record({
  between: fc.array(blanks, {minLength: 1, maxLength: 10}),
  spelling: fc.array(fc.nat(3), {minLength: 1, maxLength: 10}),
})

/** The pieces as one text. */
export function layOut(pieces: readonly string[], {between, spelling}: Layout): string {
  const texts = pieces.map((piece, index) => {
    const blank = between[index % between.length] ?? ''
    return `${blank}${respelled(piece, spelling[index % spelling.length] ?? 0)}`
  })
  return `${texts.join('')}${between[0]}`
}
