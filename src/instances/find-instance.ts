import {UsageError} from '../errors.js'
import {didYouMean} from '../text/nearest.js'
import type {Instance} from './instance.js'
import type {InstancesFile} from './instances-file.js'

const mostNames = 20

/**
 * The instance called `name` in `file`.
 * @throws UsageError when it has no such instance
 */
export function findInstance(file: InstancesFile, name: string): Instance {
  const instance = file.instances.find(candidate => candidate.name === name)
  if (instance === undefined) {
    const names = file.instances.map(candidate => candidate.name)
    const message = `no instance ${name} in ${file.path}; it has: ${listNames(names)}`
    throw new UsageError(message, {hint: didYouMean(name, names)})
  }
  return instance
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ')
  const further = names.length - mostNames
  return further > 0 ? `${shown} and ${further} more` : shown || 'none'
}
