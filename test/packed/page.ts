import {readFile} from 'node:fs/promises'

/** A block of code. */
export interface Block {
  readonly language: string
  /** The name of its file, where it has one. */
  readonly file: string | undefined
  readonly text: string
}

const block = /^```(?<language>\w*)(?: (?<file>\S+))?\n(?<text>.*?)^```$/gmsu

/** A page of the documentation. */
export class Page {
  readonly text: string
  /** In their order. */
  readonly blocks: readonly Block[]

  private constructor(text: string) {
    this.text = text
    this.blocks = Array.from(text.matchAll(block), ({groups = {}}) => ({
      language: groups['language'] ?? '',
      file: groups['file'],
      text: groups['text'] ?? '',
    }))
  }

  /** One of the pages in `docs/`. */
  static async read(name: string): Promise<Page> {
    return new Page(await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8'))
  }

  /** The text of the one block that is a file of this name, or that holds this. */
  block(nameOrPart: string): string {
    const found = this.blocks.filter(({file, text}) => file === nameOrPart || text.includes(nameOrPart))
    const [only] = found
    if (only === undefined || found.length > 1) {
      throw new Error(`${found.length} blocks for ${nameOrPart}`)
    }

    return only.text
  }
}
