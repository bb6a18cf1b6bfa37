import {Listr, Spinner} from 'listr2'
import type {RunEvent} from '../contract/events.js'
import {durationText} from '../text/duration.js'
import {printableLines} from '../text/printable.js'
import {eventText, type TimedEvent, tailText, timeText} from './event-text.js'
import type {Renderer} from './renderer.js'
import {type StepEnding, type StepRow, stepRow} from './step-row.js'

/** How much of what the guest says is shown, in characters. */
const longestStatus = 60

/** One redraw a second is enough for a wait of hours; ten take a fortieth of a core. */
const redrawInterval = 1000

class SlowSpinner extends Spinner {
  override start(callback?: () => void): void {
    super.start(callback, redrawInterval)
  }
}

/** Draws a run on a terminal: a line a step, and the time that runs. Nothing else may write there meanwhile. */
export class Terminal implements Renderer {
  /** Of the steps that have not ended, by their names. */
  readonly #rows = new Map<string, StepRow>()
  #current: StepRow | undefined
  #drawn: Promise<unknown> = Promise.resolve()
  #clock: NodeJS.Timeout | undefined
  #timeText: (() => string) | undefined
  /** How long the guest took to be ready, and what it said last. */
  #ready = ''
  #status = ''
  #end = ''

  readonly listener = (event: RunEvent): void => {
    switch (event.type) {
      case 'run-started':
        this.#draw(event.steps)
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
      case 'guest-ready':
      case 'guest-status':
      case 'guest-idle':
        this.#said(event)
        break
      case 'machine-running':
      case 'guest-busy':
      case 'job-ended':
      case 'shutting-down':
        this.#timeFrom(event)
        break
      case 'verdict':
        this.#end = `${tailText(event.verdict)}${eventText(event)}\n`
        break
      default:
        this.#note(eventText(event) ?? '')
        break
    }
  }

  async finish(): Promise<void> {
    clearInterval(this.#clock)
    await this.#drawn
    process.stdout.write(printableLines(this.#end))
  }

  #draw(steps: ReadonlyArray<{readonly name: string; readonly title: string}>): void {
    for (const {name, title} of steps) {
      this.#rows.set(name, stepRow(title))
    }

    this.#drawn = new Listr(
      Array.from(this.#rows.values(), ({task}) => task),
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
    if (this.#rows.size > 0) {
      this.#current?.note(line)
    } else {
      this.#drawn = this.#drawn.then(() => process.stdout.write(`${line}\n`))
    }
  }

  #timeFrom(event: TimedEvent): void {
    this.#timeText = timeText(event, performance.now())
    this.#clock ??= setInterval(() => this.#tick(), redrawInterval)
    if (event.type === 'guest-busy') {
      this.#status = ''
    }

    this.#tick()
  }

  #said(event: Extract<RunEvent, {type: 'guest-ready' | 'guest-status' | 'guest-idle'}>): void {
    if (event.type === 'guest-ready') {
      this.#ready = ` · ready after ${durationText(event.seconds)}`
    } else {
      const status = event.type === 'guest-idle' ? 'idle' : event.text
      this.#status = ` · ${Array.from(status).slice(0, longestStatus).join('')}`
    }

    this.#tick()
  }

  #tick(): void {
    if (this.#timeText !== undefined) {
      this.#current?.busyWith(`${this.#timeText()}${this.#ready}${this.#status}`)
    }
  }

  #settle(event: StepEnding): void {
    this.#timeText = undefined
    this.#rows.get(event.step)?.settle(event)
    this.#rows.delete(event.step)
  }
}
