import {isAlive} from './process-identity.js'
import type {RecordOwner, Whereabouts} from './record-name.js'

/** Whether a run's vmrun is gone, in words. `processes`: whether it may have left any. */
export interface Death {
  readonly dead: boolean
  readonly processes: boolean
  readonly text: string
}

/** Judges a run by the owner that is in the name of its record. */
export function deathOf({process: {pid, start}, whereabouts}: RecordOwner, here: Whereabouts): Death {
  if (whereabouts.boot !== here.boot) {
    return {dead: true, processes: false, text: 'the host was booted since'}
  }

  if (whereabouts.namespace !== here.namespace) {
    return {
      dead: false,
      processes: true,
      text: 'its processes cannot be seen from here, as in another container',
    }
  }

  return isAlive({pid, start})
    ? {dead: false, processes: true, text: `its vmrun (process ${pid}) is alive`}
    : {dead: true, processes: true, text: `its vmrun (process ${pid}) is gone`}
}
