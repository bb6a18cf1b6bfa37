import * as z from 'zod'

/** Linux, include/uapi/linux/limits.h: PATH_MAX. */
const longestPath = 4096
const mostFiles = 1000
const withoutNul = /^[^\0]+$/u

const mustBeImage = 'must be the path of a disk image'
const mustBeFile = 'must be the path of a file'
const mustBeFiles = `must be an array of up to ${mostFiles} paths, such as ["common.qcow2"]`

/** The keys that say what the guest's disk begins as. */
export const imageKeys = {
  image: z
    .string(mustBeImage)
    .max(longestPath, mustBeImage)
    .regex(withoutNul, mustBeImage)
    .meta({
      description:
        "Path of the base image, a qcow2 file, relative to this file's directory. It is never written to.",
      examples: ['ubuntu-amd64.qcow2'],
    }),

  'backing-files': z
    .array(z.string(mustBeFile).max(longestPath, mustBeFile).regex(withoutNul, mustBeFile), mustBeFiles)
    .max(mostFiles, mustBeFiles)
    .optional()
    .meta({
      description:
        "Other files that the base image may read: its backing file, that file's own backing file, an external data " +
        "file. Paths relative to this file's directory. Default: none.",
      examples: [['ubuntu-common.qcow2']],
    }),
}
