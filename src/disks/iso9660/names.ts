const NAME_AND_EXTENSION = 30
const EXTENSION = 8

/** Joliet, "Allowed Character Set"; and UCS-2 ends at U+FFFF. */
const NOT_IN_JOLIET = /[*/:;?\\\p{Control}\p{Surrogate}\u{10000}-\u{10FFFF}]/u

/** Joliet, "Relaxation of ISO 9660 Restrictions": 128 bytes of two-byte characters. */
const JOLIET_CHARACTERS = 64

/**
 * A directory record has 254 bytes at most, its length being one even byte (ECMA-119, 9.1.1). Its own fields take
 * 33, the longest identifier 33, Rock Ridge's PX 36, TF 26, and NM 5 and the name.
 */
const ROCK_RIDGE_BYTES = 121

/**
 * Refuses names that one of the three (ISO 9660, Joliet, Rock Ridge) cannot hold, and names that occur twice.
 *
 * @throws RangeError saying which name it is, without quoting it, and what is wrong with it
 */
export function checkFileNames(names: readonly string[]): void {
  const seen = new Set<string>()
  for (const [index, name] of names.entries()) {
    const problem = problemOf(name) ?? (seen.has(name) ? 'is there twice' : undefined)
    if (problem !== undefined) {
      throw new RangeError(`files[${index}].name: ${problem}`)
    }
    seen.add(name)
  }
}

function problemOf(name: string): string | undefined {
  if (['', '.', '..'].includes(name)) {
    return 'is empty, "." or ".."'
  }
  if (NOT_IN_JOLIET.test(name)) {
    return 'holds a character that Joliet does not allow (control characters, * / : ; ? \\, or beyond U+FFFF)'
  }
  if (name.length > JOLIET_CHARACTERS || Buffer.byteLength(name) > ROCK_RIDGE_BYTES) {
    return `is longer than ${JOLIET_CHARACTERS} characters or ${ROCK_RIDGE_BYTES} bytes of UTF-8`
  }
  return undefined
}

/**
 * The identifiers of files in the primary hierarchy, without the version: `INSTANCE.JSON`. Upper case, what is no
 * d-character replaced by `_`, and a number added where two would be the same (ECMA-119, 7.4.1 and 7.5.1).
 */
export function primaryIdentifiers(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  for (const name of names) {
    let identifier = primaryIdentifier(name, '')
    for (let number = 1; taken.has(identifier); number += 1) {
      identifier = primaryIdentifier(name, `_${number}`)
    }
    taken.add(identifier)
  }
  return Array.from(taken)
}

function primaryIdentifier(name: string, suffix: string): string {
  const parts = nameAndExtension(name)
  const extension = dCharacters(parts.extension).slice(0, EXTENSION)
  const stem = dCharacters(parts.name).slice(0, NAME_AND_EXTENSION - extension.length - suffix.length)
  return `${stem}${suffix}.${extension}`
}

function dCharacters(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]/gu, '_').toUpperCase()
}

/** For sorting: the order of the records of a directory, by name and then by extension (ECMA-119, 9.3). */
export function compareIdentifiers(left: string, right: string): number {
  const [a, b] = [sortKey(left), sortKey(right)]
  return Number(a > b) - Number(a < b)
}

/** No name holds a zero. */
function sortKey(identifier: string): string {
  const {name, extension} = nameAndExtension(identifier)
  return `${name}\0${extension}`
}

function nameAndExtension(identifier: string): {readonly name: string; readonly extension: string} {
  const dot = identifier.lastIndexOf('.')
  return dot > 0
    ? {name: identifier.slice(0, dot), extension: identifier.slice(dot + 1)}
    : {name: identifier, extension: ''}
}
