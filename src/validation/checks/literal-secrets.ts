import {stringsIn} from '../../instances/config-strings.js'
import {formatKeyPath, type KeyPath} from '../../instances/key-path.js'
import {checkOf, type Found} from '../check.js'
import {secretIn} from '../known-secrets.js'

const innerCapital = /(?<=[a-z\d])(?=[A-Z])/gu
const separators = /[^A-Za-z\d]+/gu
const variableName = /^[A-Z]\w*$/u

/** What looks like a live secret, and stands in the config as it is. Only for a file that others get to read. */
export const findLiteralSecrets = checkOf(['config'], ({config}) =>
  Array.from(stringsIn(config)).flatMap(({text, path}): readonly Found[] => {
    const secret = secretIn(text)
    if (secret === undefined) {
      return []
    }
    return [
      {
        rule: 'vmrun/literal-secret',
        severity: 'warning',
        message: `${formatKeyPath(path)} holds what looks like ${secret}, in a file that git tracks`,
        hint:
          `write \${{ env:${variableFor(path)} }} or \${{ file:PATH }} in its place; ` +
          'if it was ever pushed, whoever can read the repository has it: revoke it',
        at: path,
      },
    ]
  }),
)

/** A name for an environment variable after the innermost key. */
function variableFor(path: KeyPath): string {
  const key = path.findLast(step => typeof step === 'string' && step !== 'config')
  const name = String(key ?? 'secret')
    .replaceAll(innerCapital, '_')
    .replaceAll(separators, '_')
    .toUpperCase()
  return variableName.test(name) ? name : 'SECRET'
}
