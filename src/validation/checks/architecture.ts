import {checkOf} from '../check.js'
import {errorFound} from '../error-found.js'

/** The architecture has to be offered by a plugin, vmrun itself among them. */
export const checkArchitecture = checkOf(['arch'], ({arch}, registry) =>
  errorFound('vmrun/unknown-architecture', ['arch'], () => registry.architecture(arch)),
)
