import type {AddressRange} from '../../contract.js'

/** A line of registers, as QEMU's log has them: `CS =0008 00000000 ffffffff 00cf9b00`, `GDT=     00000000 0000ffff`. */
const registers = /^[A-Za-z]+\d* ?= *[\da-f]/u
const processorReset = /^CPU Reset \(CPU (?<processor>\d+)\)$/u
const instructionPointer = /^[ER]IP=(?<address>[\da-f]+)/u
const codeSegment = /^CS =[\da-f]+ (?<base>[\da-f]+)/u

/**
 * Finds the guest's triple faults in QEMU's log of processor resets (`-d cpu_reset`), which QEMU tells nowhere else.
 *
 * The log says `Triple fault`, and then, as the machine is reset, the registers that each of the processors had. A
 * firmware may reset the machine by a triple fault of its own, as SeaBIOS does after the guest has reset it: then none
 * of the processors is outside the firmware.
 */
export class ResetLog {
  readonly #firmware: readonly AddressRange[]
  #onTripleFault: () => void = () => undefined
  /** The processors whose registers were told since the last triple fault; undefined where these say nothing of it. */
  #processors: Set<string> | undefined
  #instruction = 0n

  /** @param firmware where the firmware is */
  constructor(firmware: readonly AddressRange[]) {
    this.#firmware = firmware
  }

  /** Calls back when the guest is found to have crashed its processor. */
  onTripleFault(listener: () => void): void {
    this.#onTripleFault = listener
  }

  /** Whether a triple fault was told, and no registers since: so ends a machine that may not be reset. */
  get endsInTripleFault(): boolean {
    return this.#processors?.size === 0
  }

  /** Takes a line of what QEMU printed. @returns whether it belongs to the log */
  take(line: string): boolean {
    const {processor} = processorReset.exec(line)?.groups ?? {}
    if (line === 'Triple fault') {
      this.#processors = new Set()
    } else if (processor !== undefined) {
      this.#startRegistersOf(processor)
    } else if (registers.test(line)) {
      this.#takeRegisters(line)
    } else {
      return false
    }

    return true
  }

  /** A processor that is told a second time is reset a second time: that is no more about the triple fault. */
  #startRegistersOf(processor: string): void {
    if (this.#processors?.has(processor)) {
      this.#processors = undefined
    }

    this.#processors?.add(processor)
  }

  #takeRegisters(line: string): void {
    if (this.#processors === undefined) {
      return
    }

    const {address} = instructionPointer.exec(line)?.groups ?? {}
    if (address !== undefined) {
      this.#instruction = BigInt(`0x${address}`)
    }

    const {base} = codeSegment.exec(line)?.groups ?? {}
    if (base !== undefined && !this.#isFirmware(BigInt(`0x${base}`) + this.#instruction)) {
      this.#processors = undefined
      this.#onTripleFault()
    }
  }

  #isFirmware(address: bigint): boolean {
    return this.#firmware.some(({first, last}) => first <= address && address <= last)
  }
}
