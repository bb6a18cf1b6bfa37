// What users run, made of src/: all code in one file, which is read and compiled in one go; what starts it; and a small
// file for each module that oclif or a plugin asks for by its own path.
import {createHash} from 'node:crypto'
import {mkdir, readdir, writeFile} from 'node:fs/promises'
import {createRequire, isBuiltin} from 'node:module'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {rolldown} from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = path.join(root, 'dist')
const commands = (await readdir(path.join(root, 'src/commands'))).map(name => path.parse(name).name)

/** What is asked for by its path, from package.json or by oclif. */
const modules = [
  ...['cli/help', 'cli/command-not-found', 'plugins/built-in'],
  ...commands.map(name => `commands/${name}`),
]

/** What is asked for by those who load the code: boot, and the rest of the build. */
const inner = ['cli/start', 'services/describe-file']

/** What plugins import from vmrun. */
const libraries = ['index', 'testing/index']

/** Where the code finds what it cannot load by itself: vitest, which is for ES modules alone to import. */
const vitest = "globalThis[Symbol.for('vmrun.vitest')]"

/** What boot gives to the code: a script has no `import()` of its own. */
const importModule = 'var importModule = importModule ?? (name => import(name))'
const output = {format: 'cjs', codeSplitting: false, comments: {legal: true, annotation: false, jsdoc: false}}
const source = {platform: 'node', resolve: {extensionAlias: {'.js': ['.ts', '.js']}}}

const code = await bundle(
  'vmrun.cjs',
  {
    ...source,
    input: 'every-module',
    plugins: [everyModule(), lateBuiltins(), lateRequires(), importElsewhere()],
  },
  {...output, banner: importModule, sourcemap: 'hidden'},
)
const BUILD = createHash('sha256').update(code).digest('hex').slice(0, 16)
const define = {BUILD: JSON.stringify(BUILD), COMMANDS: JSON.stringify(commands)}
await bundle('boot.cjs', {...source, input: path.join(root, 'src/boot/boot.ts'), transform: {define}}, output)
await Promise.all([...modules.map(writeModule), ...libraries.map(writeLibrary)])

/** @returns the code */
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

  return text
}

/** In ASCII alone, which is read in a fifth of the time. */
function escaped(character) {
  return Array.from(
    {length: character.length},
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')
}

/** The whole: an object of which each member is a module that is run when it is first read. */
function everyModule() {
  const id = '\0every-module'
  const members = [...inner, ...modules, ...libraries].map(
    name =>
      `get ${JSON.stringify(name)}() { return require(${JSON.stringify(path.join(root, 'src', `${name}.ts`))}) },`,
  )
  return {
    name: 'every-module',
    resolveId: wanted => (wanted === 'every-module' ? id : undefined),
    load: wanted =>
      wanted === id ? {code: `module.exports = {\n${members.join('\n')}\n}`, moduleType: 'js'} : undefined,
  }
}

/** Has Node's own modules loaded when the module that imports them is run, and not all of them at the start. */
function lateBuiltins() {
  const prefix = '\0late:'
  return {
    name: 'late-builtins',
    resolveId: (wanted, importer) =>
      (isBuiltin(wanted) && !importer?.startsWith(prefix)) || wanted === 'vitest'
        ? `${prefix}${wanted}`
        : undefined,
    load(id) {
      if (!id.startsWith(prefix)) {
        return
      }

      const name = id.slice(prefix.length)
      return {code: `module.exports = ${name === 'vitest' ? vitest : `require('${name}')`}`, moduleType: 'js'}
    },
  }
}

/** Has oclif's modules load each other when they are first used: few of them are, in most commands. */
function lateRequires() {
  const required = /^const (?<name>\w+_\d+) = (?<value>(?:__importDefault\()?require\("[^"]+"\)\)?);$/gmu
  return {
    name: 'late-requires',
    transform(text, id) {
      if (!id.includes('/@oclif/core/lib/')) {
        return
      }

      let late = text
      for (const {
        0: line,
        groups: {name, value},
      } of text.matchAll(required)) {
        const used = new RegExp(`\\b${name}\\b(?!\\.)`, 'gu')
        if (text.match(used).length === 1) {
          late = late
            .replaceAll(new RegExp(`\\b${name}\\.`, 'gu'), `(${name}()).`)
            .replace(line, `const ${name} = () => ${value};`)
        }
      }

      return {code: late, map: null}
    },
  }
}

/** Has oclif load the modules of others by what boot gives to the code. */
function importElsewhere() {
  return {
    name: 'import-elsewhere',
    transform: (text, id) =>
      id.endsWith('/@oclif/core/lib/module-loader.js')
        ? {code: text.replaceAll('await import(', 'await importModule('), map: null}
        : undefined,
  }
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
