import {fileJsonSchema, type JsonSchema} from '../instances/json-schema.js'
import {BaseCommand} from '../start/base-command.js'
import {paragraphs} from '../start/paragraphs.js'
import {printableJson} from '../text/printable.js'

export default class Schema extends BaseCommand {
  static override summary = 'Print the JSON Schema of an instances file, for editors.'
  static override description = paragraphs(
    'What may stand in an instances file, as a JSON Schema (draft 2020-12): each key with what it means, its default and',
    'examples, those of plugins included. By it an editor checks a file and completes it. Reads no instances file.',
    '',
    "Where no plugin is installed, it is the same as the file instances.schema.json in vmrun's package.",
  )

  static override examples = [
    '<%= config.bin %> <%= command.id %> >instances.schema.json',
    {
      description: 'What a key means:',
      command:
        '<%= config.bin %> <%= command.id %> | jq -r \'."$defs".instance.properties.network.description\'',
    },
  ]

  async run(): Promise<JsonSchema> {
    await this.parse(Schema)
    const {instanceKeys} = await this.loadRegistry()
    const schema = fileJsonSchema(instanceKeys)
    this.log(printableJson(schema, 2))
    return schema
  }
}
