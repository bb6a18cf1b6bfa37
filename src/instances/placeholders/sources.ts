import {isUtf8} from 'node:buffer'
import type {Placeholder} from '../../contract/plugin.js'
import {HostError, UsageError} from '../../errors/errors.js'
import {pathIn} from '../../host/path-in.js'
import {describeReadFailure, NotRegularFileError, readAtMost} from '../../host/read-file.js'

/** `${{ env:NAME }}`: an environment variable of vmrun. */
export const env: Placeholder = {
  name: 'env',
  resolve: async (name, {environment}) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined
    if (value === undefined) {
      throw new HostError(`the environment variable ${name} is not set`)
    }

    return value
  },
}

const mebibyte = 2 ** 20
const mostMebibytes = 16
const trailingNewline = /\r?\n$/u

/** `${{ file:PATH }}`: the text of a file without the one newline that editors and `echo` put at its end. */
export const file: Placeholder = {
  name: 'file',
  resolve: async (name, {directory}) => {
    const path = pathIn(directory, name)
    const what = `the file ${path}`
    const bytes = await readAtMost(path, mostMebibytes * mebibyte).catch((error: unknown) => {
      const isWrong = error instanceof NotRegularFileError
      throw new (isWrong ? UsageError : HostError)(`${what} ${describeReadFailure(error)}`, {cause: error})
    })
    if (bytes.length > mostMebibytes * mebibyte) {
      throw new UsageError(`${what} is larger than ${mostMebibytes} MiB`)
    }

    if (!isUtf8(bytes)) {
      throw new UsageError(`${what} is not UTF-8 text`)
    }

    const text = bytes.toString('utf8')
    bytes.fill(0)
    return text.replace(trailingNewline, '')
  },
}
