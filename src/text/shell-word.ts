/** Nothing in it that a shell reads anything into. */
const plainWord = /^[\w@%+=:,./-]+$/u

/** One word of a command, quoted where a shell would read something into it (POSIX.1-2017, XCU 2.2.2). */
export function shellWord(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
