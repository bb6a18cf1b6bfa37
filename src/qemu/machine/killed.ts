import {HostError} from '../../errors.js'
import {printable} from '../../text/printable.js'
import type {OomKills} from './oom-kills.js'

/**
 * Says who may have killed QEMU by SIGKILL. The kernel tells how many processes it has killed, and not which: it is
 * only when they were of QEMU's own control group that QEMU is likely to be one of them.
 *
 * @param oomKills what the kernel has killed while QEMU ran; undefined where that is not known
 * @param said what QEMU said, as the end of the message
 */
export function killed(oomKills: OomKills | undefined, said: string): HostError {
  const message = 'QEMU was killed by SIGKILL'
  if (oomKills === undefined) {
    return new HostError(`${message}${said}`, {
      hint: 'When memory runs out the kernel kills the largest process: see its log.',
    })
  }

  const {count, group} = oomKills
  const where = group === undefined ? 'on this host' : `of its control group, ${printable(group)},`
  if (count === 0) {
    return new HostError(`${message}${said}`, {
      hint:
        `The kernel has killed no process ${where} for want of memory meanwhile. A program that watches over memory, ` +
        "such as systemd-oomd, may have: see the host's journal.",
    })
  }

  const counted = `killed ${count === 1 ? 'one process' : `${count} processes`} ${where}`
  return group === undefined
    ? new HostError(`${message}${said}`, {
        hint: `Perhaps by the kernel, which has ${counted} meanwhile because memory ran out: dmesg names them.`,
      })
    : new HostError(`${message}, probably by the kernel, because memory ran out${said}`, {
        hint:
          'Give the instance less "ram", run fewer at a time, or raise the limit of the control group (MemoryMax= in a ' +
          `systemd unit). The kernel has ${counted} meanwhile: dmesg names them.`,
      })
}
