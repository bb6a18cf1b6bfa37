import * as z from 'zod'

const withoutNul = /^[^\0]+$/u

const mustBeImage = 'must be the path of a disk image'
const mustBeFile = 'must be the path of a file'
const mustBeFiles = 'must be an array of paths, such as ["common.qcow2"]'

/** The keys that say what the guest's disk begins as. */
export const imageKeys = {
  image: z
    .string(mustBeImage)
    .regex(withoutNul, mustBeImage)
    .meta({
      description:
        "Path of the base image, a qcow2 file, relative to this file's directory. It is never written to.",
      examples: ['ubuntu-amd64.qcow2'],
    }),

  'backing-files': z
    .array(z.string(mustBeFile).regex(withoutNul, mustBeFile), mustBeFiles)
    .optional()
    .meta({
      description:
        "Other files that the base image may read: its backing file, that file's own backing file, an external data " +
        "file. Paths relative to this file's directory. Default: none.",
      examples: [['ubuntu-common.qcow2']],
    }),
}
