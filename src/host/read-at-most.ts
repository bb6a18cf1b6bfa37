import {open} from 'node:fs/promises'

/** How much is read at once, in bytes. */
const chunkSize = 65_536

/**
 * The bytes of a file, of which no more are read than one above `limit`: enough to tell, however much a device has. There is
 * no other copy of them in memory, as a stream of Node would leave one: they may be secret.
 */
export async function readAtMost(path: string, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  const file = await open(path)
  try {
    for (let rest = limit + 1; rest > 0; rest -= chunks.at(-1)?.length ?? 0) {
      const chunk = Buffer.alloc(Math.min(chunkSize, rest))
      const {bytesRead} = await file.read(chunk)
      if (bytesRead === 0) {
        break
      }

      chunks.push(chunk.subarray(0, bytesRead))
    }

    return Buffer.concat(chunks)
  } finally {
    for (const chunk of chunks) {
      chunk.fill(0)
    }

    await file.close()
  }
}
