import {readFileSync} from 'node:fs'
import {SourceMap} from 'node:module'

/** A place in vmrun's one file of code. */
const place = /(?<file>\/[^\n()]*\/vmrun\.cjs):(?<line>\d+):(?<column>\d+)/gu

/** What leads from the file to the top of the package. */
const upwards = /^(?:\.\.\/)+/u

/** A stack trace with places in vmrun's source, where it has those of the file that the build made of all of it. */
export function sourceStack(stack: string): string {
  let map: SourceMap | undefined
  return stack.replace(place, (found: string, file: string, line: string, column: string) => {
    try {
      map ??= new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
      const origin = map.findOrigin(Number(line), Number(column))
      return 'fileName' in origin
        ? `${origin.fileName.replace(upwards, '')}:${origin.lineNumber}:${origin.columnNumber}`
        : found
    } catch {
      // A place is better than none.
      return found
    }
  })
}
