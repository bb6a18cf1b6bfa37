import {setTimeout as sleep} from 'node:timers/promises'

/** How long to keep trying, in milliseconds. */
export interface Patience {
  /** How long one attempt may take. */
  readonly attemptLimit: number
  /** The pauses between the attempts, of which there is one more. */
  readonly pauses: readonly number[]
}

/** 27 seconds at the most: vmrun waits for 30. */
const defaultPatience: Patience = {attemptLimit: 5000, pauses: [1000, 2000, 4000]}

/** Why an attempt failed, and whether another one may help. */
interface Failure {
  readonly why: string
  readonly isPassing: boolean
}

/**
 * Posts JSON to a URL, again after a failure that may pass: no connection, no answer in time, or the status 429 or 5xx.
 * What is sent again may have arrived before.
 *
 * @param signal ends it at once
 * @returns why it was not taken, without a part of the URL; undefined when it was
 */
export async function post(
  url: string,
  body: string,
  signal: AbortSignal,
  {attemptLimit, pauses}: Patience = defaultPatience,
): Promise<string | undefined> {
  let failure = await attempt(url, body, signal, attemptLimit)
  for (const [done, pause] of pauses.entries()) {
    if (!failure?.isPassing) {
      return failure?.why
    }

    const again = await sleep(pause, true, {signal}).catch(() => false)
    if (!again) {
      return `${failure.why}, and nobody waited for attempt ${done + 2}`
    }

    failure = await attempt(url, body, signal, attemptLimit)
  }

  return failure && `${failure.why}, at the last of ${pauses.length + 1} attempts`
}

async function attempt(
  url: string,
  body: string,
  signal: AbortSignal,
  limit: number,
): Promise<Failure | undefined> {
  const tooLong = AbortSignal.timeout(limit)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body,
      // What is in the body was meant for this receiver and for nobody that it names.
      redirect: 'manual',
      signal: AbortSignal.any([signal, tooLong]),
    })
    // What more it has to say is not waited for.
    response.body?.cancel().catch(() => undefined)
    return failureOf(response)
  } catch (error) {
    if (signal.aborted) {
      return {why: 'nobody waited for its answer', isPassing: false}
    }

    return tooLong.aborted
      ? {why: `no answer within ${limit / 1000} seconds`, isPassing: true}
      : failureToConnect(error)
  }
}

function failureOf({ok, status}: Response): Failure | undefined {
  if (ok) {
    return
  }

  const isRedirect = status >= 300 && status < 400
  return {
    why: `it answered ${status}${isRedirect ? ', and redirects are not followed' : ''}`,
    isPassing: status === 429 || status >= 500,
  }
}

/** Of the error that `fetch` gives nothing but its code is shown: the messages may hold the URL. */
function failureToConnect(error: unknown): Failure {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause
    ? {why: `no connection (${String(cause.code)})`, isPassing: true}
    : {why: 'the URL has a port that must not be used, or something else is wrong with it', isPassing: false}
}
