// How the build has rolldown put modules together.
import {isBuiltin} from 'node:module'

/** Where the code finds what it cannot load by itself: vitest, which is for ES modules alone to import. */
export const vitest = "globalThis[Symbol.for('vmrun.vitest')]"

/** What boot gives to the code: a script has no `import()` of its own. */
export const importModule = 'var importModule = importModule ?? (name => import(name))'

/**
 * The whole: an object of which each member is a module that is run when it is first read.
 *
 * @param {Readonly<Record<string, string>>} files the modules, by the names by which they are asked for
 */
export function everyModule(files) {
  const id = '\0every-module'
  const members = Object.entries(files).map(
    ([name, file]) => `get ${JSON.stringify(name)}() { return require(${JSON.stringify(file)}) },`,
  )
  return {
    name: 'every-module',
    resolveId: wanted => (wanted === 'every-module' ? id : undefined),
    load: wanted =>
      wanted === id ? {code: `module.exports = {\n${members.join('\n')}\n}`, moduleType: 'js'} : undefined,
  }
}

/**
 * Has modules loaded that are not part of the code when the module that imports them is run, and not all of them at the
 * start: Node's own, and what oclif looks for without needing it.
 */
export function lateModules() {
  const prefix = '\0late:'
  const elsewhere = new Set(['typescript', 'vitest'])
  return {
    name: 'late-modules',
    resolveId: (wanted, importer) =>
      (isBuiltin(wanted) || elsewhere.has(wanted)) && !importer?.startsWith(prefix)
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
export function lateRequires() {
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
export function importElsewhere() {
  return {
    name: 'import-elsewhere',
    transform: (text, id) =>
      id.endsWith('/@oclif/core/lib/module-loader.js')
        ? {code: text.replaceAll('await import(', 'await importModule('), map: null}
        : undefined,
  }
}
