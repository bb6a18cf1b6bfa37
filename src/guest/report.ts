import type {GuestAccount, StepEvent} from '../contract/events.js'
import type {GuestReport} from '../contract/guest.js'
import type {RunningMachine} from '../contract/machine.js'
import type {Run} from '../contract/run.js'
import {type GuestWord, WordReader} from './words.js'

/** How many words a guest may say at once, and how many more in each second that passes. Whoever listens has to keep up. */
const mostWords = 4000
const wordsPerSecond = 20

/** A run whose guest is listened to. */
type ReportedRun = Pick<Run, 'instance' | 'stop' | 'emit'> & {readonly running: RunningMachine | undefined}

/** Makes of what a guest says the events of its run, and remembers what decides how the run ends. */
export class JobReport implements GuestReport {
  readyAt: number | undefined
  busyAt: number | undefined
  idleSince: number | undefined
  exitCode: number | undefined
  decisiveExitCode: number | undefined
  readonly #run: () => ReportedRun
  readonly #reader = new WordReader()
  readonly #listeners: (() => void)[] = []
  /** Since when it is busy. */
  #busySince: number | undefined
  /** How long it was busy before that, in milliseconds. */
  #busyBefore = 0
  #ignored = 0
  #allowance = mostWords
  #allowedAt = performance.now()

  /** @param run gives the run, which has its report before it is whole */
  constructor(run: () => ReportedRun) {
    this.#run = run
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener)
  }

  hear(bytes: Uint8Array): void {
    for (const word of this.#reader.read(bytes)) {
      const event = this.#isHeard(word) ? this.#eventOf(word, performance.now()) : undefined
      if (event === undefined) {
        this.#ignored += 1
      } else {
        this.#run().emit(event)
        this.#tellChange(event)
      }
    }
  }

  account(): GuestAccount {
    const {readyAt, exitCode} = this
    const busy = this.#busyFor(performance.now())
    const ignoredLines = this.#reader.strange + this.#ignored
    return {
      ...(exitCode !== undefined && {job: {exitCode}}),
      ...(readyAt !== undefined && {readySeconds: this.#secondsTo(readyAt)}),
      ...(this.busyAt !== undefined && {busySeconds: Math.round(busy) / 1000}),
      ...(ignoredLines > 0 && {ignoredLines}),
    }
  }

  #tellChange({type}: StepEvent): void {
    for (const listener of type === 'guest-status' ? [] : this.#listeners) {
      listener()
    }
  }

  /** What decides how the run ends is heard however much was said before. */
  #isHeard({word}: GuestWord): boolean {
    if (
      (word === 'exit' && this.exitCode === undefined) ||
      (word === 'ready' && this.readyAt === undefined)
    ) {
      return true
    }

    const now = performance.now()
    const earned = ((now - this.#allowedAt) / 1000) * wordsPerSecond
    this.#allowance = Math.min(mostWords, this.#allowance + earned)
    this.#allowedAt = now
    const isHeard = this.#allowance >= 1
    this.#allowance -= Number(isHeard)
    return isHeard
  }

  /** Notes a word. @returns undefined for one that changes nothing */
  #eventOf(word: GuestWord, now: number): StepEvent | undefined {
    if (word.word === 'status') {
      return {type: 'guest-status', text: word.text}
    }

    if (this.exitCode !== undefined) {
      return
    }

    const isBusy = this.#busySince !== undefined
    if (word.word === 'exit') {
      return this.#endJob(word.code, now)
    }

    if (word.word === 'ready') {
      return this.readyAt === undefined ? this.#becomeReady(now, isBusy) : undefined
    }

    if (word.word === 'busy') {
      return isBusy ? undefined : this.#becomeBusy(now)
    }

    return isBusy ? this.#becomeIdle(now) : undefined
  }

  #becomeReady(now: number, isBusy: boolean): StepEvent {
    this.readyAt = now
    this.idleSince = isBusy ? undefined : now
    return {type: 'guest-ready', seconds: this.#secondsTo(now)}
  }

  #becomeBusy(now: number): StepEvent {
    this.busyAt ??= now
    this.#busySince = now
    this.idleSince = undefined
    const remaining = this.busyAt - now + this.#run().instance['timeout-seconds'] * 1000
    return {type: 'guest-busy', remainingSeconds: Math.round(remaining) / 1000}
  }

  #becomeIdle(now: number): StepEvent {
    this.#busyBefore = this.#busyFor(now)
    this.#busySince = undefined
    this.idleSince = now
    return {type: 'guest-idle'}
  }

  #endJob(exitCode: number, now: number): StepEvent {
    this.#busyBefore = this.#busyFor(now)
    this.#busySince = undefined
    this.idleSince = undefined
    this.exitCode = exitCode
    if (this.#run().stop.cause === undefined) {
      this.decisiveExitCode = exitCode
    }

    return {type: 'job-ended', exitCode}
  }

  #busyFor(now: number): number {
    return this.#busyBefore + now - (this.#busySince ?? now)
  }

  #secondsTo(at: number): number {
    return Math.round(at - (this.#run().running?.since ?? at)) / 1000
  }
}
