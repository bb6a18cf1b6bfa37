import {styleText} from 'node:util'
import stringWidth from 'string-width'
import {elementsOf, type JsonNode, membersOf} from '../../instances/json.js'
import {hasRegion, Lines, type Problem, type Region} from '../../instances/problem.js'
import {ownKeyNames} from '../../instances/schema.js'
import {printable} from '../../text/printable.js'
import type {ValidatedFile} from '../../validation/validate-files.js'
import type {Reader} from './formats.js'

/** Puts a style on a text, or not. */
type Paint = (style: Parameters<typeof styleText>[0], text: string) => string

/** What of a line is left beside its number and the marks of what is cut, at the least. */
const margins = 10
const narrowest = 60
/** How much of a line that is too long is shown before a place, in UTF-16 code units. */
const mostBefore = 30

/** Problems with the lines of source that they are about, in the style of a compiler; never with a value of a config. */
export function prettyProblems(
  files: readonly ValidatedFile[],
  {hasColors, columns = 100}: Pick<Reader, 'hasColors' | 'columns'>,
): readonly string[] {
  const paint: Paint = (style, text) => (hasColors ? styleText(style, text, {validateStream: false}) : text)
  const width = Math.max(narrowest, columns - margins)
  return files.flatMap(({text, root, problems}) => {
    // Of what is no JSON nobody knows what would be a value of a config.
    const source = root && {shown: withoutSecrets(text, root), lines: new Lines(text), width}
    return problems.map(problem => prettyProblem(problem, source, paint))
  })
}

/** What is shown of a file. */
interface Source {
  /** Its text, with a mark in the place of each character that nobody else may see. */
  readonly shown: string
  readonly lines: Lines
  /** How much of a line is shown, in UTF-16 code units. */
  readonly width: number
}

function prettyProblem(problem: Problem, source: Source | undefined, paint: Paint): string {
  const {file, line, column, severity, rule, message, hint} = problem
  const colour = severity === 'error' ? 'red' : 'yellow'
  const frame = source && hasRegion(problem) ? frameOf(problem, source) : []
  const margin = ' '.repeat(frame.length === 0 ? 0 : String(line).length)
  const place = line === undefined ? '' : `:${line}:${column}`
  return [
    `${paint(['bold', colour], `${severity}[${rule}]`)}${paint('bold', `: ${message}`)}`,
    `${margin}${paint('blue', '-->')} ${printable(file)}${place}`,
    ...frame.map(([gutter, text, mark]) =>
      `${gutter.padStart(margin.length)} | ${text}${mark && paint(['bold', colour], mark)}`.trimEnd(),
    ),
    ...(hint === undefined ? [] : [`${margin} ${paint('blue', '=')} ${paint('bold', 'help')}: ${hint}`]),
  ].join('\n')
}

/** The line of source that a problem is about, underlined: rows of what stands before the bar, behind it, and of marks. */
function frameOf(
  {line, column, endLine, endColumn}: Region,
  {shown, lines, width}: Source,
): readonly (readonly [gutter: string, text: string, mark: string])[] {
  const text = shown.slice(lines.startOf(line), lines.startOf(line + 1)).trimEnd()
  const cut = text.length > width && column > 2 * mostBefore ? column - 1 - mostBefore : 0
  const part = text.slice(cut, cut + width)
  const before = cut > 0 && !part.startsWith(secret) ? '…' : ''
  const after = text.length > cut + width && !part.endsWith(secret) ? '…' : ''
  const [from, to] = [column - 1 - cut, (endLine === line ? endColumn - 1 : text.length) - cut]
  const indent = stringWidth(before + plain(part.slice(0, from)))
  const length = Math.max(1, stringWidth(plain(part.slice(from, to))))
  return [
    ['', '', ''],
    [String(line), `${before}${plain(part)}${after}`, ''],
    ['', ' '.repeat(indent), '^'.repeat(length)],
  ]
}

/** What stands for a character of a secret. No text of JSON has it. */
const secret = '\0'
const secrets = /\0+/gu
/** The halves of characters that a cut went through. */
const halves = /^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/gu

/** Nothing in it acts on a terminal, and what is hidden is `…`. */
function plain(text: string): string {
  return printable(text.replaceAll(halves, '').replaceAll(secrets, '…').replaceAll('\t', '  '))
}

/** Keys whose values are no secrets, whoever wrote them, where they stand in no others: those of vmrun itself, but for the config. */
const shownKeys: ReadonlySet<string> = new Set([
  ...ownKeyNames.filter(key => key !== 'config'),
  ...['$schema', 'kind', 'bus'],
])

/**
 * A text with marks in the place of every value that is, or could be, one of a config. Brackets, commas, colons and keys
 * are shown.
 */
function withoutSecrets(text: string, root: JsonNode): string {
  const parts: string[] = []
  let done = 0
  const hide = (node: JsonNode, isShown: boolean | undefined): void => {
    if (node.children === undefined && isShown !== true) {
      parts.push(text.slice(done, node.offset), secret.repeat(node.length))
      done = node.offset + node.length
    }

    for (const element of elementsOf(node)) {
      hide(element, isShown)
    }

    for (const {key, value} of membersOf(node)) {
      // What stands in no key, or only in "instances", is neither shown nor a reason to hide what is in it.
      hide(value, key === 'instances' ? isShown : isShown !== false && shownKeys.has(key))
    }
  }
  hide(root, undefined)
  return [...parts, text.slice(done)].join('')
}
