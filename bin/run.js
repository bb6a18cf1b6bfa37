#!/usr/bin/env node
import {prepareProcess} from '../dist/cli/prepare-process.js'

const argv = process.argv.slice(2)
prepareProcess(argv)
const {start} = await import('../dist/cli/start.js')
await start(argv, import.meta.url)
