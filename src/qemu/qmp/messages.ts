import {isRecord} from '../../contract/json-value.js'

/** What QEMU may say, by the QEMU Machine Protocol Specification; whatever else it says is `unknown`. */
export type Message =
  | {readonly kind: 'greeting'}
  | {readonly kind: 'result'; readonly id: number; readonly result: unknown}
  | {readonly kind: 'error'; readonly id: number; readonly description: string}
  | {readonly kind: 'event'; readonly event: QmpEvent}
  | {readonly kind: 'unknown'}

export interface QmpEvent {
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Reads one line that QEMU sent. @throws SyntaxError when it is not JSON */
export function parseMessage(line: string): Message {
  const message: unknown = JSON.parse(line)
  if (!isRecord(message)) {
    return {kind: 'unknown'}
  }

  const {QMP: greeting, event, id, error} = message
  if (isRecord(greeting)) {
    return {kind: 'greeting'}
  }

  if (typeof event === 'string') {
    const {data} = message
    return {kind: 'event', event: {name: event, data: isRecord(data) ? data : {}}}
  }

  if (typeof id !== 'number') {
    return {kind: 'unknown'}
  }

  return error === undefined
    ? {kind: 'result', id, result: message['return']}
    : {kind: 'error', id, description: describeError(error)}
}

function describeError(error: unknown): string {
  const description = isRecord(error) ? error['desc'] : undefined
  return typeof description === 'string' ? description : 'it did not say why'
}
