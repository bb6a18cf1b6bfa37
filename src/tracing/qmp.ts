import {isRecord} from '../is-record.js'
import {receivedEvents, sentCommands} from '../qemu/qmp/channels.js'
import type {Trace} from './trace.js'

/** The row of the commands. */
export const qmpRow = 'QMP'
export const qmpEventRow = 'QMP events'

const category = 'qmp'

/** How many commands and events are traced: a guest can reset itself for days, and each reset is an event. */
const limit = 50_000

/**
 * Traces what goes on with QEMU by QMP: commands from when they are sent to the reply, and events. Names alone.
 *
 * @returns ends it
 */
export function traceQmp(trace: Trace): () => void {
  let count = 0
  const counted = (use: () => void): void => {
    count += 1
    if (count <= limit) {
      use()
    }
  }
  const onCommand = (message: unknown): void => {
    if (isRecord(message) && message['answer'] instanceof Promise) {
      const {command, answer} = message
      counted(() => traceCommand(trace, String(command), answer))
    }
  }
  const onEvent = (message: unknown): void => {
    if (isRecord(message)) {
      const {event} = message
      counted(() => trace.mark(String(event), trace.rows.named(qmpEventRow), {category}))
    }
  }
  sentCommands.subscribe(onCommand)
  receivedEvents.subscribe(onEvent)
  return () => {
    sentCommands.unsubscribe(onCommand)
    receivedEvents.unsubscribe(onEvent)
  }
}

function traceCommand(trace: Trace, command: string, answer: Promise<unknown>): void {
  const span = trace.beginBeside(command, qmpRow, {category})
  answer.then(
    () => span.end(),
    () => span.end({failed: true}),
  )
}
