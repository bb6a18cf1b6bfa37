/**
 * Has this process go on when nobody reads its output any more: the terminal is gone, the disk behind a redirection is
 * full. oclif's own listener throws for all of it but a closed pipe, which would end the process in the middle of a run
 * and leave its machine behind.
 */
export function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', () => undefined)
  }
}
