import type {OwnRun, Run} from '../../contract/run.js'
import {HostError, messageOf} from '../../errors/errors.js'
import {pathIn} from '../../host/path-in.js'
import {draftName} from '../../host/work-directory.js'
import {temporaryUser} from '../../qemu/fence/users.js'
import {identityOf, isAlive, type ProcessIdentity} from '../../residue/process-identity.js'
import {type Reaper, startReaper} from '../../residue/reaper.js'
import {RunRecord, usersOnRecord} from '../../residue/run-record.js'
import {findStateDirectory, stateDirectory} from '../../residue/state-directory.js'
import {sweep} from '../../residue/sweep.js'
import type {StepWork} from '../pipeline.js'

/**
 * Removes what dead runs left, and sees to it that the same can be done for this one: by a process that waits for
 * vmrun's death, and, should that one be killed too, by the next sweep. It is the first step, so that it is undone last.
 */
export const runRecordStep: StepWork = {
  plan: async ({environment}) => {
    const {path} = findStateDirectory(environment)
    return {
      title: `Run record: removes what dead runs left; keeps its own in ${path}`,
      commands: [['vmrun', 'prune']],
    }
  },
  run: async run => {
    const directory = stateDirectory(run.environment)
    await sweepBefore(run, directory)
    const draft = pathIn(run.workDirectory, draftName(run.id))
    const record = await RunRecord.of({id: run.id, instance: run.instance, draft}, directory)
    // Before there is anything to remove, so that at no moment something is there that nobody would remove.
    const reaper = await startReaper([record.file, record.draft, draft])
    superviseMachine(run, record, reaper)
    await takeUser(run, record)
    return `Run record: in ${directory}`
  },
}

/**
 * Writes the record, and takes another temporary user where another run has the same. Each run writes its own down before
 * it looks at those of the others, so that of two with the same one at least sees it.
 */
async function takeUser(run: OwnRun, record: RunRecord): Promise<void> {
  for (;;) {
    const number = run.user?.isTemporary ? run.user.uid : null
    record.write({user: number})
    if (number === null) {
      return
    }

    const taken = await usersOnRecord(record)
    if (!taken.has(number)) {
      return
    }

    run.user = temporaryUser(taken)
    if (run.user === undefined) {
      throw new HostError('other runs have taken every number that QEMU could run as', {
        hint: 'Name a user for QEMU: --user',
      })
    }
  }
}

async function sweepBefore(run: Run, directory: string): Promise<void> {
  const tell = (text: string): void => run.emit({type: 'notice', text})
  try {
    const {removed, failed} = await sweep(directory, run.stop.signal)
    for (const {text} of removed) {
      tell(`Removed ${text}`)
    }

    for (const {file, text} of failed) {
      tell(`A dead run left something that is still there: ${text} (${file})`)
    }
  } catch (error) {
    tell(`What dead runs may have left could not be removed: ${messageOf(error)}`)
  }
}

function superviseMachine(run: Run, record: RunRecord, reaper: Reaper): void {
  let qemu: ProcessIdentity | undefined
  run.defer('the run record', async () => {
    if (qemu !== undefined && isAlive(qemu)) {
      // The reaper is not dismissed: it tries once more when vmrun is gone.
      throw new HostError(
        `QEMU is still there, process ${qemu.pid}; vmrun prune ends it once it can be ended`,
      )
    }

    record.remove()
    await reaper.dismiss()
  })
  run.onMachine(machine => {
    const found = identityOf(machine.pid)
    qemu = found
    if (found !== undefined) {
      reaper.guard(found)
      const release = (): void => {
        if (!isAlive(found)) {
          reaper.release()
        }
      }
      machine.ended.then(release, release)
      writeDown(run, record, found)
    }
  })
  let isBusy = false
  run.onEvent(event => {
    // Its time counts anew from the first of these.
    if (event.type === 'guest-busy' && qemu !== undefined && !isBusy) {
      isBusy = true
      writeDown(run, record, qemu)
    }
  })
}

function writeDown(run: Run, record: RunRecord, qemu: ProcessIdentity): void {
  const deadline = new Date(Date.now() + run.instance['timeout-seconds'] * 1000).toISOString()
  try {
    record.write({qemu, deadline})
  } catch (error) {
    run.emit({
      type: 'notice',
      text: `Should vmrun and all that it started be killed, QEMU may be left: ${messageOf(error)}`,
    })
  }
}
