// What users run, made of src/: all code in one file, which is read and compiled in one go; what starts it; and a small
// file for each module that oclif or a plugin asks for by its own path.
import {createHash} from 'node:crypto'
import {mkdir, readdir, writeFile} from 'node:fs/promises'
import {createRequire} from 'node:module'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {rolldown} from 'rolldown'
import {noticesOf} from './licenses.js'
import {everyModule, importElsewhere, importModule, lateModules, lateRequires, vitest} from './plugins.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = path.join(root, 'dist')
const commands = (await readdir(path.join(root, 'src/commands')))
  .filter(name => name.endsWith('.ts'))
  .map(name => path.parse(name).name)

/** What is asked for by its path, from package.json or by oclif. */
const modules = [...['start/help', 'start/command-not-found'], ...commands.map(name => `commands/${name}`)]

/** What is asked for by those who load the code: boot, and the rest of the build. */
const inner = ['start/start', 'instances/json-schema']

/** What plugins import from vmrun. */
const libraries = ['index', 'testing/index']

const output = {format: 'cjs', codeSplitting: false, comments: {legal: true, annotation: false, jsdoc: false}}
const source = {
  platform: 'node',
  resolve: {
    extensionAlias: {'.js': ['.ts', '.js']},
    // Its other form asks for its parts by names that are not known before it runs.
    alias: {'jsonc-parser': 'jsonc-parser/lib/esm/main.js'},
  },
}

const files = Object.fromEntries(
  [...inner, ...modules, ...libraries].map(name => [name, path.join(root, 'src', `${name}.ts`)]),
)
const {code, copied} = await bundle(
  'vmrun.cjs',
  {
    ...source,
    input: 'every-module',
    plugins: [everyModule(files), lateModules(), lateRequires(), importElsewhere()],
  },
  {...output, banner: importModule, sourcemap: 'hidden'},
)
const BUILD = createHash('sha256').update(code).digest('hex').slice(0, 16)
const define = {BUILD: JSON.stringify(BUILD)}
await bundle(
  'boot.cjs',
  {...source, input: path.join(root, 'src/start/boot/boot.ts'), transform: {define}},
  output,
)
await Promise.all([
  ...modules.map(writeModule),
  ...libraries.map(writeLibrary),
  writeBeside('THIRD-PARTY-LICENSES.txt', await noticesOf(copied)),
])

/** @returns the code, and the files that it was made of */
async function bundle(name, input, options) {
  const built = await rolldown(input)
  const {
    output: [chunk],
  } = await built.generate(options)
  await built.close()
  const text = chunk.code.replace(/[^\0-\x7f]/gu, escaped)
  await writeBeside(name, text)
  if (chunk.map !== null) {
    await writeBeside(`${name}.map`, JSON.stringify({...chunk.map, sourcesContent: undefined}))
  }

  return {code: text, copied: chunk.moduleIds}
}

/** In ASCII alone, which is read in a fifth of the time. */
function escaped(character) {
  return Array.from(
    {length: character.length},
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
}

async function writeModule(name) {
  await writeBeside(`${name}.cjs`, `module.exports = require('${pathToCode(name)}')['${name}']\n`)
}

/** As an ES module, with the names that its source exports. */
async function writeLibrary(name) {
  const names = Object.keys(createRequire(import.meta.url)(path.join(dist, 'vmrun.cjs'))[name])
  await writeBeside(
    `${name}.js`,
    [
      "import {createRequire} from 'node:module'",
      ...(name === 'index' ? [] : ["import * as vitest from 'vitest'", '', `${vitest} = vitest`]),
      `const {${names.join(', ')}} = createRequire(import.meta.url)('${pathToCode(name)}')['${name}']`,
      `export {${names.join(', ')}}`,
      '',
    ].join('\n'),
  )
}

function pathToCode(name) {
  return `${name.includes('/') ? '..' : '.'}/vmrun.cjs`
}

async function writeBeside(name, content) {
  const file = path.join(dist, name)
  await mkdir(path.dirname(file), {recursive: true})
  await writeFile(file, content)
}
