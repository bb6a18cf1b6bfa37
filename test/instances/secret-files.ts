import fc from 'fast-check'
import {isRecord} from '../../src/contract/json-value.js'
import {ownKeyNames} from '../../src/instances/schema.js'
import {parsed} from './read-text.js'

/** What stands in configs where nobody may see it. */
export const secret = 'swordfish'
export const secretNumber = '918273645'

/** Configs that hold secrets, some of them where no config may have any. */
const secretConfig = fc
  .tuple(
    fc.constantFrom(
      '{"t": S}',
      '{"a": [{"b": [S]}]}',
      '{"t": S, "t": S}',
      '{"t": S, "t": 1}',
      '[S]',
      'S',
      '{S}',
    ),
    fc.constantFrom(
      ...[`"${secret}"`, `"${secret}\\x"`, secret],
      ...[secretNumber, secretNumber.repeat(3), `-0${secretNumber}`],
    ),
  )
  .map(([config, hidden]) => config.replaceAll('S', hidden))

/** An instances file with such configs; two entries are of one name, and differ. */
export const secretFile = fc
  .array(secretConfig, {minLength: 1, maxLength: 3})
  .map(configs =>
    configs.map(config => `{"name": "a", "image": "b", "timeout-seconds": 5, "config": ${config}}`),
  )
  .map(entries => `[${entries.join(',')}]`)

const anySecret = `(?:${secret}|-?0?(?:${secretNumber})+)`
const shownKeys = [...ownKeyNames.filter(key => key !== 'config'), 'kind', 'bus'].join('|')
/** In a text that is no JSON: a secret that is the value of a key which may be seen, or a key itself. */
const publicSecret = new RegExp(
  String.raw`"(?:${shownKeys})"[\s:[{]*"?${anySecret}|${anySecret}(?:\\x)?"?\s*:`,
  'u',
)

/** Whether somebody wrote a secret where it is none. */
export function hasPublicSecret(text: string): boolean {
  const shown = publicTexts(parsed(text)).join('\n')
  return shown.includes(secret) || shown.includes(secretNumber) || publicSecret.test(unescaped(text))
}

function unescaped(text: string): string {
  return text.replaceAll(/\\u(?<unit>[\da-f]{4})/gu, (_, unit: string) =>
    String.fromCharCode(Number.parseInt(unit, 16)),
  )
}

/** Every string and number of a document that messages may show: what is not a value inside a `config`. */
function publicTexts(value: unknown, inConfig = false): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(item => publicTexts(item, inConfig))
  }

  if (isRecord(value)) {
    return Object.entries(value).flatMap(([key, inner]) => [
      key,
      ...publicTexts(inner, inConfig || key === 'config'),
    ])
  }

  return inConfig ? [] : [String(value)]
}
