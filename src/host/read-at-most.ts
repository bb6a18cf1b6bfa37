import {createReadStream} from 'node:fs'
import {buffer} from 'node:stream/consumers'

/** The bytes of a file, of which no more are read than one above `limit`: enough to tell, however much a device has. */
export async function readAtMost(path: string, limit: number): Promise<Buffer> {
  return await buffer(createReadStream(path, {end: limit}))
}
