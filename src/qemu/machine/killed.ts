import {HostError} from '../../errors/errors.js'
import type {OomKills} from './oom-kills.js'

/**
 * Says who may have killed QEMU by SIGKILL. The kernel tells how many processes it has killed, and not which: it is
 * only when they were of QEMU's own control group that QEMU is likely to be one of them.
 *
 * @param oomKills what the kernel has killed while QEMU ran; undefined where that is not known
 * @param stderr the last of what QEMU printed
 */
export function killed(oomKills: OomKills | undefined, stderr: string): HostError {
  const message = 'QEMU was killed by SIGKILL'
  if (oomKills === undefined) {
    return new HostError(withSaid(message, stderr), {
      hint: 'When memory runs out the kernel kills the largest process: see its log.',
    })
  }

  const {count, group} = oomKills
  const where = group === undefined ? 'on this host' : `of its control group, ${group},`
  if (count === 0) {
    return new HostError(withSaid(message, stderr), {
      hint:
        `The kernel has killed no process ${where} for want of memory meanwhile. A program that watches over memory, ` +
        "such as systemd-oomd, may have: see the host's journal.",
    })
  }

  const counted = `killed ${count === 1 ? 'one process' : `${count} processes`} ${where}`
  return group === undefined
    ? new HostError(withSaid(message, stderr), {
        hint: `Perhaps by the kernel, which has ${counted} meanwhile because memory ran out: dmesg names them.`,
      })
    : new HostError(withSaid(`${message}, probably by the kernel, because memory ran out`, stderr), {
        hint:
          'Give the instance less "ram", run fewer at a time, or raise the limit of the control group (MemoryMax= in a ' +
          `systemd unit). The kernel has ${counted} meanwhile: dmesg names them.`,
      })
}

/** A sentence about a program, and below it the last that it printed. */
export function withSaid(sentence: string, stderr: string): readonly string[] {
  const said = stderr.trim()
  return said === '' ? [sentence] : [`${sentence}:`, ...said.split('\n')]
}
