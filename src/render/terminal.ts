import {Listr, Spinner} from 'listr2'
import type {RunEvent} from '../contract/events.js'
import {describeEvent} from './describe-event.js'
import type {Renderer} from './renderer.js'
import {type StepRow, stepRow} from './step-row.js'
import {timeText} from './time-text.js'

/** One redraw a second is enough for a wait of hours; ten take a fortieth of a core. */
const redrawInterval = 1000

class SlowSpinner extends Spinner {
  override start(callback?: () => void): void {
    super.start(callback, redrawInterval)
  }
}

/** Draws a run on a terminal: a line a step, and the time that runs. Nothing else may write there meanwhile. */
export class Terminal implements Renderer {
  readonly #rows = new Map<string, StepRow>()
  readonly #unsettled = new Set<string>()
  #current: StepRow | undefined
  #drawn: Promise<unknown> = Promise.resolve()
  #clock: NodeJS.Timeout | undefined
  #timeText: (() => string) | undefined
  #lastLine = ''

  readonly listener = (event: RunEvent): void => {
    switch (event.type) {
      case 'run-started':
        this.#draw(event.steps.map(({name, title}) => [name, stepRow(title)]))
        break
      case 'step-started':
        this.#current = this.#rows.get(event.step)
        break
      case 'step-progress':
        this.#current?.busyWith(event.text)
        break
      case 'step-done':
      case 'step-failed':
      case 'step-skipped':
        this.#settle(event)
        break
      case 'machine-running':
      case 'shutting-down':
        this.#timeText = timeText(event, performance.now())
        this.#clock ??= setInterval(() => this.#tick(), redrawInterval)
        this.#tick()
        break
      case 'verdict':
        this.#lastLine = describeEvent(event) ?? ''
        break
      default:
        this.#note(describeEvent(event) ?? '')
        break
    }
  }

  async finish(): Promise<void> {
    clearInterval(this.#clock)
    await this.#drawn
    process.stdout.write(`${this.#lastLine}\n`)
  }

  #draw(rows: ReadonlyArray<readonly [string, StepRow]>): void {
    for (const [name, row] of rows) {
      this.#rows.set(name, row)
      this.#unsettled.add(name)
    }

    this.#drawn = new Listr(
      rows.map(([, row]) => row.task),
      {
        // Its listener would end the process at once; the signals are the run's.
        registerSignalListeners: false,
        exitOnError: false,
        rendererOptions: {
          spinner: new SlowSpinner(),
          collapseErrors: false,
          showErrorMessage: false,
          collapseSkips: false,
          showSkipMessage: false,
        },
      },
    ).run()
  }

  /** What is told when every step is done stands below them all: listr2 draws nothing more by then. */
  #note(line: string): void {
    if (this.#unsettled.size > 0) {
      this.#current?.note(line)
    } else {
      this.#drawn = this.#drawn.then(() => process.stdout.write(`${line}\n`))
    }
  }

  #tick(): void {
    if (this.#timeText !== undefined) {
      this.#current?.busyWith(this.#timeText())
    }
  }

  #settle(event: Extract<RunEvent, {type: 'step-done' | 'step-failed' | 'step-skipped'}>): void {
    this.#timeText = undefined
    this.#rows.get(event.step)?.settle(event)
    this.#unsettled.delete(event.step)
  }
}
