import {type QmpClient, QmpError} from '../qmp/client.js'

/** Takes a medium out of its device and closes the file behind it, also when the guest has closed the tray meanwhile. */
export async function removeMedium(
  qmp: QmpClient,
  {device, node}: {readonly device: string; readonly node: string},
): Promise<void> {
  try {
    await qmp.execute('blockdev-remove-medium', {id: device})
  } catch (error) {
    if (!(error instanceof QmpError)) {
      throw error
    }

    await qmp.execute('blockdev-open-tray', {id: device, force: true})
    await qmp.execute('blockdev-remove-medium', {id: device})
  }

  await qmp.execute('blockdev-del', {'node-name': node})
}
