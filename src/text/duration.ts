import prettyMilliseconds from 'pretty-ms'

/** A length of time for people, such as `1h 5m` or `2.5s`. */
export function durationText(seconds: number): string {
  return seconds === 0 ? '0s' : prettyMilliseconds(seconds * 1000, {secondsDecimalDigits: 1})
}
