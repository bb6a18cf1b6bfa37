import {machine as hostMachine} from 'node:os'
import type {Architecture} from '../contract/architecture.js'
import {type Acceleration, acceleratorName} from '../qemu/accelerator/choose.js'
import {capitalized} from '../text/capitalized.js'
import type {Finding} from './finding.js'

/** What is to be said of the accelerator that `auto` chooses. */
export function accelerationFinding({name, hosts}: Architecture, acceleration: Acceleration): Finding {
  const {accelerator, reason, milliseconds, unmeasured} = acceleration
  const measured = milliseconds === undefined ? '' : `, measured in ${milliseconds} ms`
  const found = {
    check: 'accelerator',
    subject: name,
    accelerator,
    ...(milliseconds !== undefined && {milliseconds}),
  } as const
  if (accelerator === 'tcg') {
    const why = reason === undefined ? '' : `. ${capitalized(reason)}${measured}`
    return {
      ...found,
      state: 'poor',
      message: `emulated: slower, and no security boundary${why}`,
      ...(hosts.includes(hostMachine()) && {hint: repair}),
    }
  }

  const works = acceleratorName(accelerator)
  return unmeasured
    ? {...found, state: 'poor', message: `${works}, but whether it works could not be measured`}
    : {...found, state: 'good', message: `${works} works${measured}`}
}

const repair = [
  'Switch virtualization on in the firmware of this host; where it is a virtual machine itself, nested virtualization.',
  'Let the user that QEMU runs as open /dev/kvm: put it into the group kvm.',
  'Do not run guests that you do not trust without KVM: see --require-kvm.',
].join('\n')
