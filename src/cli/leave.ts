import type {Writable} from 'node:stream'

/** Ends this process when its output is written, although something that a plugin started may still go on. */
export async function leave(): Promise<never> {
  await Promise.all([process.stdout, process.stderr].map(written))
  process.exit()
}

async function written(stream: Writable): Promise<void> {
  if (stream.writableLength > 0) {
    await new Promise(resolve => {
      stream.write('', resolve)
    })
  }
}
