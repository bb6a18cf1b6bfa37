import {isJsonObject, type JsonObject, type JsonValue} from '../contract/json-value.js'
import {attempt, HostError} from '../errors/errors.js'

/** The longest reply that is taken, in bytes. */
const replyLimit = 2 ** 20

/** What sends more lines than these without an answer is no agent. To find out of one that it is none takes microseconds. */
const mostLines = 10_000

const lineEnd = 0x0a
const delimiter = 0xff

/**
 * The replies in what an agent sends, in whatever pieces it arrives: lines that are an object of JSON. The byte 0xFF, which is
 * no part of UTF-8, makes a line begin anew. However much is sent, no more memory is taken than for the longest reply.
 *
 * @param isDelimited whether the lines are looked at that begin with 0xFF, or the others
 * @throws HostError for a line that is too long, and for too many
 */
export async function* repliesIn(
  pieces: AsyncIterable<Uint8Array>,
  isDelimited: boolean,
): AsyncGenerator<JsonObject> {
  let lines = 0
  for await (const line of linesIn(pieces, isDelimited)) {
    lines += 1
    if (lines > mostLines) {
      throw new HostError("what the guest's agent answers is not what an agent says")
    }

    const reply = attempt((): JsonValue => JSON.parse(line))
    if (reply !== undefined && isJsonObject(reply)) {
      yield reply
    }
  }
}

async function* linesIn(pieces: AsyncIterable<Uint8Array>, isDelimited: boolean): AsyncGenerator<string> {
  // Were the pieces themselves kept, single bytes would take a hundred times the room.
  const line = Buffer.alloc(replyLimit)
  let length = 0
  let isLookedAt = !isDelimited
  for await (const piece of pieces) {
    for (const byte of piece) {
      if (byte === lineEnd && isLookedAt) {
        yield line.toString('utf8', 0, length)
      }

      if (byte === lineEnd || byte === delimiter) {
        length = 0
        isLookedAt = isDelimited === (byte === delimiter)
      } else if (isLookedAt) {
        expectRoom(line, length)
        line[length] = byte
        length += 1
      }
    }
  }
}

function expectRoom(line: Buffer, length: number): void {
  if (length === line.length) {
    throw new HostError(`the guest's agent answers with more than ${replyLimit / 2 ** 20} MiB`)
  }
}
