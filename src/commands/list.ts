import {instanceTable} from '../render/instance-table.js'
import {BaseCommand, fileFlag} from '../start/base-command.js'
import {type ListedInstance, listInstances} from '../validation/open-instance.js'

export default class List extends BaseCommand {
  static override summary = 'List the instances of an instances file.'
  static override description =
    'Shows what each instance is made of, and whether its image is there. Never shows a config.'

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'The names alone, for a script:',
      command: "<%= config.bin %> <%= command.id %> --json | jq -r '.[].name'",
    },
  ]

  static override flags = {file: fileFlag}

  async run(): Promise<readonly ListedInstance[]> {
    const {flags} = await this.parse(List)
    const {instances, warnings} = await listInstances(flags.file, await this.loadRegistry())
    this.showWarnings(warnings)
    this.log(instanceTable(instances))
    return instances
  }
}
