import {type Ending, HostError} from 'vmrun'
import {type Patience, post} from './post.js'
import {receiverOf} from './receiver.js'
import {type EndedRun, verdictBody} from './verdict-body.js'

/**
 * Posts how a run ended to the receiver of its instance, if that has one.
 *
 * @throws HostError when the receiver did not take it; its message holds nothing of the URL but the host's name
 */
export async function tellReceiver(run: EndedRun, ending: Ending, patience?: Patience): Promise<void> {
  const receiver = receiverOf(run.contributed)
  if (receiver === undefined) {
    return
  }

  const failure = await post(receiver.url, verdictBody(run, ending), ending.signal, patience)
  if (failure !== undefined) {
    throw new HostError(`Webhook: ${receiver.host} was not told how the run ended: ${failure}`)
  }
}
