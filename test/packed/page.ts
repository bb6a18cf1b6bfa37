import {readFile} from 'node:fs/promises'

/** A block of code of a page of the documentation. */
interface Block {
  readonly language: string
  /** The name of its file, where it has one. */
  readonly file: string | undefined
  readonly text: string
}

const block = /^```(?<language>\w*)(?: (?<file>\S+))?\n(?<text>.*?)^```$/gmsu

/** One of the pages in `docs/`. */
export async function readPage(name: string): Promise<string> {
  return await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
}

/** The blocks of a page, in their order. */
export function blocksOf(page: string): readonly Block[] {
  return Array.from(page.matchAll(block), ({groups = {}}) => ({
    language: groups['language'] ?? '',
    file: groups['file'],
    text: groups['text'] ?? '',
  }))
}

/** The text of the one block of a page that is a file of this name, or that holds this. */
export function blockOf(page: string, nameOrPart: string): string {
  const found = blocksOf(page).filter(({file, text}) => file === nameOrPart || text.includes(nameOrPart))
  if (found.length !== 1) {
    throw new Error(`${found.length} blocks for ${nameOrPart}`)
  }

  return found[0]?.text ?? ''
}
