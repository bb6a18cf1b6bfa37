// Removes files and directories of this project, named from its top level: node scripts/remove.js NAME…
import {rm} from 'node:fs/promises'

for (const name of process.argv.slice(2)) {
  await rm(new URL(`../${name}`, import.meta.url), {recursive: true, force: true})
}
