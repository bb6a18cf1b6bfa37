import {definePlugin} from 'vmrun'
import {receiverKey, receiverOf} from './receiver.js'
import {tellReceiver} from './tell-receiver.js'

export default definePlugin({
  apiVersion: 1,
  instanceKeys: [receiverKey],
  steps: [
    {
      name: 'webhook',
      title: 'Webhook',
      after: 'cleanup',
      // However the run ends, it is told; the step itself says only who is to hear of it.
      always: true,
      quiet: true,
      plan: async run => ({title: titleFor(run.contributed), commands: []}),
      run: async run => titleFor(run.contributed),
      ended: tellReceiver,
    },
  ],
})

/** Never with the URL: whoever knows that can post there. */
function titleFor(contributed: Readonly<Record<string, unknown>>): string {
  const receiver = receiverOf(contributed)
  return receiver === undefined
    ? 'Webhook: none'
    : `Webhook: ${receiver.host} is to be told how the run ended`
}
