const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** Does work that leaves something behind when it is cut off, and that takes no time: signals come too late for it. */
export async function undisturbed<Result>(work: () => Promise<Result>): Promise<Result> {
  const ignore = (): void => undefined
  for (const signal of signals) {
    process.on(signal, ignore)
  }

  try {
    return await work()
  } finally {
    for (const signal of signals) {
      process.off(signal, ignore)
    }
  }
}
