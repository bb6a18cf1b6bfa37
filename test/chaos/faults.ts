import type {Fault} from './fault.js'
import {fillDisk, killInMemory} from './memory-disk.js'
import {closeOutput, killOneOfThree, loseTerminal} from './outputs.js'
import {killGroup, killHelper, killQemu} from './processes.js'
import {atEvent, atRandom, volley} from './signals.js'

function signalToVmrun(signal: NodeJS.Signals, eventShare: number, randomShare: number): readonly Fault[] {
  return [
    {name: `${signal} to vmrun at each event`, share: eventShare, strike: round => atEvent(round, signal)},
    {name: `${signal} to vmrun at random`, share: randomShare, strike: round => atRandom(round, signal)},
  ]
}

/** Everything that happens to vmrun here. */
export const faults: readonly Fault[] = [
  ...signalToVmrun('SIGKILL', 18, 16),
  ...signalToVmrun('SIGTERM', 6, 5),
  ...signalToVmrun('SIGINT', 6, 5),
  ...signalToVmrun('SIGHUP', 6, 5),
  {name: 'several signals at random', share: 3, strike: volley},
  {name: 'SIGKILL to vmrun’s process group at random', share: 5, strike: killGroup},
  {name: 'SIGKILL to QEMU at random', share: 7, strike: killQemu},
  {name: 'SIGKILL to a process that vmrun starts', share: 6, strike: killHelper},
  {name: 'SIGKILL to one run of three', share: 2, strike: killOneOfThree},
  {name: 'SIGKILL to vmrun, space counted', share: 3, strike: killInMemory},
  {name: 'the disk is full', share: 3, strike: fillDisk},
  {name: 'the output is closed', share: 2, strike: closeOutput},
  {name: 'the terminal is gone', share: 2, strike: loseTerminal},
]
