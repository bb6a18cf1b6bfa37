import {checkOf} from '../check.js'
import {errorFound} from '../error-found.js'

const at = ['config-disk'] as const

/** The kind of config disk has to be offered by a plugin, vmrun itself among them. */
export const checkConfigDisk = checkOf(['config-disk'], ({'config-disk': {kind}}, registry) =>
  errorFound('vmrun/unknown-config-disk', at, () => registry.configDisk(kind)),
)

/** It has to have what the instance asks of it. What is not known is a problem of its own. */
export const checkConfigDiskOptions = checkOf(
  ['config-disk', 'arch', 'config'],
  ({'config-disk': choice, arch, config}, registry) =>
    registry.hasArchitecture(arch) && registry.hasConfigDisk(choice.kind)
      ? errorFound('vmrun/config-disk-options', at, () =>
          registry.configDisk(choice.kind).configure(choice, registry.architecture(arch), config),
        )
      : [],
)
