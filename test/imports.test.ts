import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'

const source = new URL('../src', import.meta.url).pathname

/** The files beside the folders. They are for all, so nobody's row names them. */
const beside = ''

/** What each folder of the source may import from: imports run one way. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  boot: ['@oclif/core', 'cli', 'host'],
  commands: [
    '@oclif/core',
    'validation',
    'cli',
    'config-disks',
    'console',
    'host',
    'instances',
    'render',
    'services',
    'text',
    'tracing',
  ],
  cli: [
    ...['@oclif/core', '@inquirer/input', '@inquirer/select', 'boot', 'services', 'render', 'plugins'],
    ...['pipeline', 'instances', 'host', 'text'],
  ],
  render: [
    ...['listr2', 'pretty-bytes', 'string-width', 'doctor', 'services', 'validation', 'pipeline'],
    ...['instances', 'text'],
  ],
  console: ['host', 'text'],
  tracing: ['supervision', 'qemu', 'pipeline', 'host', 'text'],
  services: [
    ...[
      'validation',
      'console',
      'doctor',
      'steps',
      'plugins',
      'supervision',
      'config-disks',
      'qemu',
      'iso9660',
      'pipeline',
      'instances',
      'host',
    ],
    'text',
  ],
  testing: [
    ...['vitest', 'zod', 'validation', 'services', 'plugins', 'config-disks', 'qemu', 'pipeline'],
    ...['instances', 'text'],
  ],
  validation: ['plugins', 'qemu', 'instances', 'host', 'text'],
  doctor: ['pretty-bytes', 'plugins', 'supervision', 'qemu', 'instances', 'host', 'text'],
  plugins: [
    '@oclif/core',
    'zod',
    'architectures',
    'config-disks',
    'placeholders',
    'steps',
    'pipeline',
    'instances',
    'host',
    'text',
  ],
  steps: ['pretty-bytes', 'supervision', 'config-disks', 'qemu', 'pipeline', 'instances', 'text'],
  'config-disks': ['qemu', 'iso9660', 'instances', 'host', 'text'],
  supervision: ['host', 'text'],
  qemu: ['execa', 'pipeline', 'instances', 'host', 'text'],
  pipeline: ['instances', 'host', 'text'],
  host: ['execa'],
  instances: ['jsonc-parser', 'zod', 'host', 'text'],
  text: ['leven', 'pretty-ms'],
  placeholders: ['host', 'text'],
  architectures: [],
  iso9660: [],
  // The contract and what plugins import, in types alone but for the one function that makes a plugin.
  [beside]: ['zod', 'plugins', 'pipeline', 'instances', 'text'],
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
