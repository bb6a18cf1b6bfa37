import type {JsonValue} from '../../src/contract/json-value.js'
import type {Machine, MachineEnd} from '../../src/contract/machine.js'
import {HostError} from '../../src/errors/errors.js'

type Request = 'powerDown' | 'quit' | 'kill'

/** How a scripted machine answers the n-th request of a kind, counted from 1: by ending, or not at all. */
export type Script = Partial<Record<Request, (count: number) => MachineEnd | undefined>>

/** Machines that are told apart by what they listen to; every one of them can be killed. */
export const obeys: Script = {powerDown: () => ({how: 'powered-off'})}
export const ignoresPowerButton: Script = {quit: () => ({how: 'stopped'})}
export const ignoresEverything: Script = {}

/** A machine that does what a script says, and remembers what it was asked. */
export class ScriptedMachine implements Machine {
  readonly pid = 4242
  readonly ended: Promise<MachineEnd>
  readonly requests: Request[] = []
  readonly #script: Script
  #end: (end: MachineEnd) => void = () => undefined

  constructor(script: Script = {}) {
    this.#script = {kill: () => ({how: 'stopped'}), ...script}
    this.ended = new Promise(resolve => {
      this.#end = resolve
    })
  }

  end(end: MachineEnd): void {
    this.#end(end)
  }

  // It has no events, tray, medium or files, and can answer nothing.
  readonly execute = (): Promise<JsonValue> => Promise.reject(new HostError('it cannot answer'))
  readonly on = (): void => undefined
  readonly trayOpened = (): Promise<void> => new Promise(() => undefined)
  readonly removeMedium = async (): Promise<void> => undefined
  closeInherited = async (): Promise<void> => undefined

  powerDown = async (): Promise<void> => this.#ask('powerDown')
  quit = async (): Promise<void> => this.#ask('quit')
  readonly kill = (): void => this.#ask('kill')
  fail = (): void => this.#ask('kill')

  #ask(request: Request): void {
    this.requests.push(request)
    const count = this.requests.filter(earlier => earlier === request).length
    const end = this.#script[request]?.(count)
    if (end !== undefined) {
      this.#end(end)
    }
  }
}
