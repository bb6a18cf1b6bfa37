#!/usr/bin/env node
import {commandWords} from '../dist/cli/command-words.js'
import {prepareProcess} from '../dist/cli/prepare-process.js'

const argv = commandWords(process.argv.slice(2))
prepareProcess(argv)
const {start} = await import('../dist/cli/start.js')
await start(argv, import.meta.url)
