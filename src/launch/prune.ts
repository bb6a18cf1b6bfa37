import {findStateDirectory} from '../residue/state-directory.js'
import {type SweepReport, sweep} from '../residue/sweep.js'

/** What was found in the state directory, and what became of it. */
export interface PruneReport extends SweepReport {
  readonly stateDirectory: string
}

/** Removes what dead runs left. Makes nothing. @throws HostError when the state directory is not safe to be used */
export async function prune(environment: NodeJS.ProcessEnv): Promise<PruneReport> {
  const {path} = findStateDirectory(environment)
  return {stateDirectory: path, ...(await sweep(path))}
}
