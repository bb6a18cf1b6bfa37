import * as z from 'zod'

const exampleInstance = {name: 'vm-1', image: 'ubuntu-amd64.qcow2', 'timeout-seconds': 14_400, config: {}}

const instanceMeta = {
  id: 'instance',
  title: 'Instance',
  description: 'A virtual machine that vmrun runs by its name.',
  examples: [exampleInstance],
}

const instancesMeta = {
  description: 'The instances, as in a file that is an array.',
  examples: [[exampleInstance]],
}

/** The keys of an instances file that is an object. What its instances have to be is not said here. */
export const documentKeys = {
  $schema: z
    .string('must be a string')
    .optional()
    .meta({
      description:
        'The JSON Schema of this file, by its path or URL: an editor checks and completes by it. vmrun ignores it.',
      examples: ['./instances.schema.json'],
    }),

  instances: z.array(z.unknown(), 'must be an array of instances').meta(instancesMeta),
}

/**
 * The schema of an instances file: an array of instances, or an object that has them as `instances`.
 *
 * @param instance the schema of one, of which is said here what it is
 */
export function fileSchema(instance: z.ZodType) {
  const instances = z.array(instance.meta(instanceMeta))
  return z
    .union([instances, z.strictObject({...documentKeys, instances: instances.meta(instancesMeta)})])
    .meta({
      title: 'Instances of vmrun',
      description:
        'Virtual machines that vmrun runs: an array of instances, or an object with such an array.',
      examples: [[exampleInstance], {$schema: './instances.schema.json', instances: [exampleInstance]}],
    })
}
