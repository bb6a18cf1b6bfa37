import type {Placeholder} from '../../contract/plugin.js'
import {HostError} from '../../errors/errors.js'

/** `${{ env:NAME }}`: an environment variable of vmrun. */
export const env: Placeholder = {
  name: 'env',
  resolve: async (name, {environment}) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined
    if (value === undefined) {
      throw new HostError(`the environment variable ${name} is not set`)
    }

    return value
  },
}
