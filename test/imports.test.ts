import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'

const source = new URL('../src', import.meta.url).pathname

/** The files beside the folders. They are for all, so nobody's row names them. */
const beside = ''

/** What each room of the source may import from: only what stands below it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  testing: [
    'vitest',
    'zod',
    'launch',
    'validation',
    'plugins',
    'run',
    'disks',
    'host',
    'contract',
    'errors',
    'text',
  ],
  commands: [
    '@oclif/core',
    'render',
    'doctor',
    'start',
    'launch',
    'validation',
    'plugins',
    'run',
    'disks',
    'tracing',
    'instances',
    'residue',
    'console',
    'host',
    'contract',
    'errors',
    'text',
  ],
  render: [
    'listr2',
    'pretty-bytes',
    'string-width',
    'doctor',
    'start',
    'launch',
    'validation',
    'instances',
    'host',
    'contract',
    'text',
  ],
  doctor: [
    'pretty-bytes',
    'launch',
    'validation',
    'plugins',
    'disks',
    'qemu',
    'instances',
    'residue',
    'host',
    'contract',
    'errors',
    'text',
  ],
  start: ['@oclif/core', 'plugins', 'instances', 'host', 'contract', 'errors', 'text'],
  launch: [
    'validation',
    'plugins',
    'run',
    'disks',
    'qemu',
    'instances',
    'residue',
    'console',
    'host',
    'time',
    'contract',
    'errors',
  ],
  validation: ['plugins', 'disks', 'instances', 'host', 'contract', 'errors', 'text'],
  plugins: ['@oclif/core', 'zod', 'run', 'disks', 'instances', 'host', 'time', 'contract', 'errors', 'text'],
  run: [
    'pretty-bytes',
    'disks',
    'guest',
    'qemu',
    'instances',
    'residue',
    'console',
    'host',
    'time',
    'contract',
    'errors',
    'text',
  ],
  disks: ['qemu', 'instances', 'host', 'time', 'contract', 'errors', 'text'],
  tracing: ['qemu', 'residue', 'host', 'time', 'contract', 'errors'],
  guest: ['host', 'time', 'contract', 'errors', 'text'],
  qemu: ['execa', 'host', 'time', 'contract', 'errors', 'text'],
  instances: ['jsonc-parser', 'zod', 'host', 'contract', 'errors', 'text'],
  residue: ['zod', 'host', 'errors'],
  console: ['contract', 'host', 'time', 'errors', 'text'],
  host: ['time', 'errors'],
  time: ['contract', 'errors', 'text'],
  contract: ['zod', 'errors'],
  errors: ['text'],
  text: ['leven', 'pretty-ms'],
  // What plugins import: types, and the one function that makes a plugin.
  [beside]: ['zod', 'contract', 'errors'],
}

const importedFrom = /(?:from|import\() ?'(?<specifier>[^']+)'/gu

/** Without the part of the package that is imported. */
const packageName = /^(?:@[^/]+\/)?[^/]+/u

test('every folder of the source has its row', async () => {
  const entries = await readdir(source, {withFileTypes: true})
  const folders = entries.filter(entry => entry.isDirectory()).map(({name}) => name)
  expect(new Set([beside, ...folders])).toEqual(new Set(Object.keys(mayImport)))
})

test.each(Object.keys(mayImport))('src/%s imports only what it may', async folder => {
  const imported = new Set<string>()
  for (const file of await readdir(path.join(source, folder), {recursive: folder !== beside})) {
    if (file.endsWith('.ts')) {
      const text = await readFile(path.join(source, folder, file), 'utf8')
      for (const {groups} of text.matchAll(importedFrom)) {
        imported.add(originOf(groups?.['specifier'] ?? '', path.join(folder, file)))
      }
    }
  }

  imported.delete(folder)
  expect(mayImport[folder]).toEqual(expect.arrayContaining(Array.from(imported).filter(isFolderOrPackage)))
})

/** The folder of the source, or the package, that an import in `file` comes from; empty for a file beside the folders. */
function originOf(specifier: string, file: string): string {
  if (!specifier.startsWith('.')) {
    return packageName.exec(specifier)?.[0] ?? specifier
  }

  const [folder = '', ...rest] = path.join(path.dirname(file), specifier).split(path.sep)
  return rest.length === 0 ? beside : folder
}

function isFolderOrPackage(origin: string): boolean {
  return origin !== beside && !origin.startsWith('node:')
}
