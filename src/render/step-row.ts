import type {DefaultRenderer, ListrTask, ListrTaskWrapper, SimpleRenderer} from 'listr2'
import type {RunEvent} from '../contract/events.js'
import {printable} from '../text/printable.js'

/** How a step ended. */
export type StepEnding = Extract<RunEvent, {type: 'step-done' | 'step-failed' | 'step-skipped'}>
type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>

/** How many of the notes under a step stay visible. */
const notesShown = 5

export type StepRow = ReturnType<typeof stepRow>

/**
 * One step of a run as one line on the terminal. The events come when they come, listr2 draws when it does: whichever is
 * first waits for the other.
 */
export function stepRow(anyTitle: string) {
  const title = printable(anyTitle)
  let begin: (task: Task) => void = () => undefined
  let end: (ending: StepEnding) => void = () => undefined
  const begun = new Promise<Task>(resolve => {
    begin = resolve
  })
  const ended = new Promise<StepEnding>(resolve => {
    end = resolve
  })
  const draw = (change: (task: Task) => void): void => {
    begun.then(change, () => undefined)
  }
  const retitle = (text: string): void =>
    draw(task => {
      task.title = printable(text)
    })

  const row: ListrTask<unknown, typeof DefaultRenderer> = {
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
  }

  return {
    task: row,
    busyWith: (text: string) => retitle(`${title}: ${text}`),
    /** Puts a line of text under the step, to stay. */
    note: (text: string) =>
      draw(task => {
        task.output = printable(text)
      }),
    settle: (ending: StepEnding) => {
      retitle(ending.title)
      end(ending)
    },
  }
}
