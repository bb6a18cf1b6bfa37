import {closestMatch} from 'leven'

const separators = /[-_\s]/gu
const shortestPart = 3
/** Nothing is near a word that is longer than that many candidates, its separators included. */
const mostTimesLonger = 3

/** A list of names that is longer than this nobody has in mind. */
const mostCandidates = 1000

/** The one of `known` that somebody who wrote `word` most likely meant, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const candidates = known.slice(0, mostCandidates)
  if (word.length > mostTimesLonger * Math.max(0, ...candidates.map(({length}) => length))) {
    return
  }

  const letters = lettersOf(word)
  const byPlainForm = new Map(candidates.map(candidate => [plainForm(candidate), candidate]))
  const plain = plainForm(word)
  const match = closestMatch(plain, [...byPlainForm.keys()], {
    maxDistance: Math.max(1, Math.floor(plain.length / 3)),
  })
  return (
    byPlainForm.get(match ?? '') ??
    candidates.find(candidate => lettersOf(candidate) === letters) ??
    candidates.find(candidate => isPartOf(word, candidate))
  )
}

/** The hint for a mistyped `word`, or undefined when nothing known is near it. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const match = nearest(word, candidates)
  return match === undefined ? undefined : `did you mean ${match}?`
}

function plainForm(word: string): string {
  return word.toLowerCase().replaceAll(separators, '')
}

/** The same for words with letters exchanged, the commonest slip, which Levenshtein's distance counts twice. */
function lettersOf(word: string): string {
  return Array.from(plainForm(word))
    .sort((first, second) => first.localeCompare(second))
    .join('')
}

function isPartOf(word: string, candidate: string): boolean {
  return word.length >= shortestPart && candidate.split('-').includes(word.toLowerCase())
}
