import type {DefaultRenderer, ListrTask, ListrTaskWrapper, SimpleRenderer} from 'listr2'
import type {RunEvent} from '../contract/events.js'
import {printable} from '../text/printable.js'

type Ending = Extract<RunEvent, {type: 'step-done' | 'step-failed' | 'step-skipped'}>
type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>

/** How many of the notes under a step stay visible. */
const notesShown = 5

/** One step of a run as one line on the terminal. */
export interface StepRow {
  /** Draws the line until it is settled. */
  readonly task: ListrTask<unknown, typeof DefaultRenderer>
  /** Shows what the step is doing beside its title. */
  readonly busyWith: (text: string) => void
  /** Puts a line of text under the step, to stay. */
  readonly note: (text: string) => void
  readonly settle: (ending: Ending) => void
}

/** The events come when they come, listr2 draws when it does: whichever is first waits for the other. */
export function stepRow(anyTitle: string): StepRow {
  const title = printable(anyTitle)
  let begin: (task: Task) => void = () => undefined
  let end: (ending: Ending) => void = () => undefined
  const begun = new Promise<Task>(resolve => {
    begin = resolve
  })
  const ended = new Promise<Ending>(resolve => {
    end = resolve
  })
  const draw = (change: (task: Task) => void): void => {
    begun.then(change, () => undefined)
  }
  const retitle = (text: string): void =>
    draw(task => {
      task.title = printable(text)
    })

  return {
    task: {
      title,
      rendererOptions: {persistentOutput: true, outputBar: notesShown},
      task: async (_, task) => {
        begin(task)
        const ending = await ended
        if (ending.type === 'step-failed') {
          throw new Error(ending.message)
        }

        if (ending.type === 'step-skipped') {
          task.skip()
        }
      },
    },
    busyWith: text => retitle(`${title}: ${text}`),
    note: text =>
      draw(task => {
        task.output = printable(text)
      }),
    settle: ending => {
      retitle(ending.title)
      end(ending)
    },
  }
}
