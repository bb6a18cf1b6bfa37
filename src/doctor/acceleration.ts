import {machine as hostMachine} from 'node:os'
import type {Architecture} from '../architectures/architecture.js'
import type {Acceleration} from '../qemu/accelerator/choose.js'
import type {Finding} from './finding.js'

const names = {kvm: 'KVM', hvf: 'HVF'} as const

/** What is to be said of the accelerator that `auto` chooses. */
export function accelerationFinding({name, hosts}: Architecture, acceleration: Acceleration): Finding {
  const where = {check: 'accelerator', subject: name} as const
  const {accelerator, reason, milliseconds, unmeasured} = acceleration
  if (accelerator === 'tcg') {
    const why = reason === undefined ? '' : `. ${capitalized(reason)}${foundOut(milliseconds)}`
    return {
      ...where,
      state: 'poor',
      text: `emulated: slower, and no security boundary${why}`,
      ...(hosts.includes(hostMachine()) && {advice: repair}),
    }
  }

  return unmeasured
    ? {...where, state: 'poor', text: `${names[accelerator]}, but whether it works could not be measured`}
    : {...where, state: 'good', text: `${names[accelerator]} works${foundOut(milliseconds)}`}
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function foundOut(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '' : `, found out in ${milliseconds} ms`
}

const repair = [
  'KVM needs virtualization switched on in the firmware, or nested virtualization where this host is itself a virtual',
  'machine, and /dev/kvm has to be open to whoever QEMU runs as, by the group kvm. Guests that are not trusted should',
  'not run without it: see --require-kvm.',
].join(' ')
