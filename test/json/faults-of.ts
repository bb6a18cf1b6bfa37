import type {SyntaxFault} from '../../src/json/fault.js'
import {scanJson} from '../../src/json/scan.js'

/** Where a text is not JSON, and what is said about it. */
export function faultsOf(text: string): readonly SyntaxFault[] {
  const faults: SyntaxFault[] = []
  scanJson(text, {fault: fault => faults.push(fault)})
  return faults
}

/** Whether JavaScript takes a text for JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
