import type {Command} from '@oclif/core'
import {Help} from '@oclif/core/help'

/** The commands that are about what instances may be. */
const aboutInstances: ReadonlySet<string> = new Set(['run', 'validate'])

/** The help of oclif, and below that of some commands the keys of an instance, those that plugins contribute included. */
export class InstanceHelp extends Help {
  override async showCommandHelp(command: Command.Loadable): Promise<void> {
    await super.showCommandHelp(command)
    if (aboutInstances.has(command.id)) {
      this.log(`${this.section('KEYS OF AN INSTANCE', this.renderList(await this.#keys(), listOptions))}\n`)
    }
  }

  async #keys(): Promise<[string, string][]> {
    const [{loadRegistry}, {describeKeys}] = await Promise.all([
      import('./load-registry.js'),
      import('../instances/json-schema.js'),
    ])
    const registry = await loadRegistry(this.config)
    return describeKeys(registry.instanceKeys).map(({name, description, required, default: value}) => {
      const notes = [
        ...(required ? ['[required]'] : []),
        ...(value === undefined ? [] : [`[default: ${value}]`]),
      ]
      return [name, [...notes, description].join(' ')]
    })
  }
}

const listOptions = {indentation: 2, multiline: false, stripAnsi: false}
