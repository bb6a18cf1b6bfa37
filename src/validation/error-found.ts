import {VmrunError} from '../errors.js'
import type {KeyPath} from '../instances/key-path.js'
import type {RuleId} from '../rules.js'
import type {Found} from './check.js'

/**
 * What `look` throws about the value at `at`, as something found.
 *
 * @param rule which it breaks, or what tells that by the error
 * @throws what is no error of vmrun's
 */
export async function errorFound(
  rule: RuleId | ((error: VmrunError) => RuleId),
  at: KeyPath,
  look: () => unknown,
): Promise<readonly Found[]> {
  try {
    await look()
    return []
  } catch (error) {
    if (!(error instanceof VmrunError)) {
      throw error
    }
    const {message, hint} = error
    return [{rule: typeof rule === 'string' ? rule : rule(error), message, hint, at}]
  }
}
