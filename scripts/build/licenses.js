// The notices of what the build copies into vmrun's own file.
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'

/** The directory of the package that a module belongs to. */
const packageOf = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/u

const noticeName = /^(?:licen[cs]e|copying|notice)/iu

/**
 * What the licenses of packages ask for with every copy: name and version of each package, and its notices.
 *
 * @param {readonly string[]} modules the files that were copied
 * @returns {Promise<string>}
 */
export async function noticesOf(modules) {
  const packages = new Set(modules.flatMap(file => packageOf.exec(file)?.[0] ?? []))
  const notices = await Promise.all(
    Array.from(packages)
      .toSorted((one, other) => (one < other ? -1 : 1))
      .map(noticeOf),
  )
  return notices.join(`\n${'-'.repeat(80)}\n\n`)
}

/** @param {string} directory of a package */
async function noticeOf(directory) {
  const {name, version, license} = JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8'))
  const files = (await readdir(directory)).filter(file => noticeName.test(file)).sort()
  const texts = await Promise.all(files.map(file => readFile(path.join(directory, file), 'utf8')))
  return [`${name} ${version} (${license})\n`, ...texts.map(text => `${text.trim()}\n`)].join('\n')
}
