import {randomBytes} from 'node:crypto'
import {OutputTail} from '../console/output-tail.js'
import type {RunEvent, RunListener} from '../contract/events.js'
import type {Machine} from '../contract/machine.js'
import type {OwnRun, RunInput} from '../contract/run.js'
import {JobReport} from '../guest/report.js'
import {makeWorkFile} from '../host/work-directory.js'
import {withinLimit} from '../time/timer.js'
import {StopRequest} from './stop-request.js'
import {UndoStack} from './undo-stack.js'

/** How long a look at what must have held may take, in milliseconds. */
const checkLimit = 20_000

/** What the pipeline alone tells. */
const pipelineEvent = /^(?:run-started|step-.*|verdict)$/u

/** A run as whoever runs it has it. */
export interface EphemeralRun extends OwnRun {
  config: OwnRun['config']
  readonly console: OutputTail
  readonly log: OutputTail
  readonly guest: JobReport
  readonly stop: StopRequest
  readonly undo: UndoStack
  /** Tells whoever watches the run any event; nothing more once the verdict was told. */
  readonly tell: (event: RunEvent) => void
}

/** Puts together a run of this process. Nothing is made yet. */
export function ephemeralRun(input: RunInput, onEvent: RunListener): EphemeralRun {
  const id = randomBytes(6).toString('hex')
  // No closure may hold `input`, or its secrets would stay as long as the run does.
  const unresolved = input.instance.config
  const undo = new UndoStack()
  const eventListeners: RunListener[] = []
  const tell = untilVerdict(event => {
    onEvent(event)
    for (const listener of eventListeners) {
      queueMicrotask(() => listener(event))
    }
  })
  const machineListeners: Array<(machine: Machine) => void> = []
  const conditions: Array<() => Promise<void>> = []
  let announced: Machine | undefined
  const run: EphemeralRun = {
    ...input,
    id,
    undo,
    tell,
    stop: new StopRequest(),
    console: new OutputTail(),
    log: new OutputTail(),
    guest: new JobReport(() => run),
    running: undefined,
    emit: event => {
      // Types do not bind what a plugin is written in.
      if (!pipelineEvent.test(event.type)) {
        tell(event)
      }
    },
    defer: (what, removal) => undo.defer(what, removal),
    unwind: () => undo.unwind(),
    makeFile: async () => {
      const file = await makeWorkFile(run.workDirectory, run.id)
      undo.defer('a file without a name', async () => {
        await Promise.all([file.writable.close(), file.readOnly.close()])
      })
      return file
    },
    onMachine: listener => {
      if (announced === undefined) {
        machineListeners.push(listener)
      } else {
        listener(announced)
      }
    },
    onEvent: listener => {
      eventListeners.push(listener)
    },
    announceMachine: machine => {
      announced = machine
      // Who needs its secrets has them by now, and the guest may take them off this host.
      run.config = unresolved
      for (const listener of machineListeners) {
        listener(machine)
      }
    },
    mustHold: check => {
      conditions.push(check)
    },
    checkHeld: async () => {
      for (const check of conditions) {
        await withinLimit(checkLimit, check)
      }
    },
  }
  return run
}

/** What goes on in the background may be late; the verdict is the last event all the same. */
function untilVerdict(listener: RunListener): RunListener {
  let over = false
  return event => {
    if (!over) {
      over = event.type === 'verdict'
      listener(event)
    }
  }
}
