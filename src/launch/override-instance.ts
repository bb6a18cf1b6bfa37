import type {Instance, Protection} from '../contract/instance.js'
import {UsageError} from '../errors/errors.js'

/** What the command line can ask for in place of, or on top of, what the instances file says. */
export interface Overrides {
  /** `timeout-seconds` */
  readonly timeout?: number | undefined
  /** Whether KVM has to run the guest. */
  readonly requireKvm: boolean
  /** Further protections for `relax`. */
  readonly relax: readonly Protection[]
}

/** The same instance as the command line wants it. @throws UsageError when it contradicts the file */
export function overrideInstance(instance: Instance, {timeout, requireKvm, relax}: Overrides): Instance {
  const {name, accelerator} = instance
  if (requireKvm && accelerator !== 'kvm' && accelerator !== 'auto') {
    throw new UsageError(`--require-kvm does not go with "accelerator": "${accelerator}" of ${name}`, {
      hint: 'Leave --require-kvm out, or set "accelerator" to "kvm" or "auto".',
    })
  }

  return {
    ...instance,
    ...(timeout !== undefined && {'timeout-seconds': timeout}),
    ...(requireKvm && {accelerator: 'kvm'}),
    relax: [...instance.relax, ...relax],
  }
}
