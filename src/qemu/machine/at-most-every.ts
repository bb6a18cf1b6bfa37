/** A listener that is told of the first of several events that come closer to each other than `interval` milliseconds. */
export function atMostEvery(interval: number, listener: () => void): () => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (now - toldAt > interval) {
      toldAt = now
      listener()
    }
  }
}
