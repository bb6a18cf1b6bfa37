import {readFile} from 'node:fs/promises'

/** A block of docs/validate.md that makes the files in a directory. */
export interface Example {
  /** Of JSON, which is `instances.json`, or commands of a shell. */
  readonly language: string
  readonly text: string
}

/** An example that breaks a rule. */
interface BadExample extends Example {
  /** What the page says is printed. */
  readonly printed: string
}

/** What the page says about a rule. */
export interface Section {
  readonly rule: string
  /** In the order of the page, in small letters. */
  readonly severities: readonly string[]
  readonly bad: readonly BadExample[]
  readonly good: readonly Example[]
  /** How many blocks of code there are, examples or not. */
  readonly blocks: number
}

const page = await readFile(new URL('../../docs/validate.md', import.meta.url), 'utf8')

const block = /^```(?<language>\w+)\n(?<text>.*?)^```$/gmsu
const heading = /^#{2,3} (?<title>.*)\n/gmu
const rule = /^vmrun\//u
const severity = /\*\*(?<name>error|warning)\.?\*\*/giu
const bad = /^Bad:\n\n```(?<language>\w+)\n(?<text>.*?)^```\n\n```text\n(?<printed>.*?)\n```$/gmsu
const good = /^Good:\n\n```(?<language>\w+)\n(?<text>.*?)^```$/gmsu

/** The blocks of code of the part under a heading. */
export function blocksUnder(title: string): readonly Example[] {
  return Array.from(partUnder(title).matchAll(block), ({groups}) => exampleOf(groups))
}

/** What the page says of rules, in its order. */
export const sections: readonly Section[] = Array.from(
  page.matchAll(heading),
  ({groups}) => groups?.['title'] ?? '',
)
  .filter(title => rule.test(title))
  .map(title => {
    const part = partUnder(title)
    return {
      rule: title,
      severities: Array.from(part.matchAll(severity), ({groups}) => (groups?.['name'] ?? '').toLowerCase()),
      bad: Array.from(part.matchAll(bad), ({groups}) => ({
        ...exampleOf(groups),
        printed: groups?.['printed'] ?? '',
      })),
      good: Array.from(part.matchAll(good), ({groups}) => exampleOf(groups)),
      blocks: blocksUnder(title).length,
    }
  })

function exampleOf(groups: Readonly<Record<string, string>> | undefined): Example {
  const {language = '', text = ''} = groups ?? {}
  return {language, text}
}

function partUnder(title: string): string {
  const headings = Array.from(page.matchAll(heading))
  const index = headings.findIndex(({groups}) => groups?.['title'] === title)
  return page.slice(headings[index]?.index ?? page.length, headings[index + 1]?.index)
}
