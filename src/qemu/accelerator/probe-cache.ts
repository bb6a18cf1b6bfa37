import {isRecord} from '../../contract/json-value.js'
import type {ProgramCache, ProgramQuestion} from '../programs/program-cache.js'
import type {ProbeResult} from './probe.js'

/** What was asked: one accelerator under one program, for one user, as not everybody may use it. */
export interface ProbeQuestion {
  readonly program: string
  readonly accelerator: string
  /** Who QEMU runs as, by number; vmrun's own user without it. Temporary ones all have the same rights. */
  readonly user?: number | 'temporary' | undefined
}

/** What a probe has found on this boot of the host, if anything. */
export async function recallProbe(
  cache: ProgramCache,
  question: ProbeQuestion,
): Promise<ProbeResult | undefined> {
  return checked(await cache.recall(programQuestion(question)))
}

/** Remembers what a probe found, for as long as the host and QEMU stay what they are: one boot, one program. */
export async function rememberProbe(
  cache: ProgramCache,
  question: ProbeQuestion,
  result: ProbeResult,
): Promise<void> {
  await cache.remember(programQuestion(question), result)
}

function programQuestion({program, accelerator, user}: ProbeQuestion): ProgramQuestion {
  const about = user === undefined ? `accelerator-${accelerator}` : `accelerator-${accelerator}-${user}`
  return {program, about, untilBoot: true}
}

function checked(result: unknown): ProbeResult | undefined {
  if (!isRecord(result)) {
    return
  }

  const {sound, reason, milliseconds} = result
  if (typeof milliseconds !== 'number') {
    return
  }

  if (sound === true) {
    return {sound, milliseconds}
  }

  return sound === false && typeof reason === 'string'
    ? {sound, reason, certain: true, milliseconds}
    : undefined
}
