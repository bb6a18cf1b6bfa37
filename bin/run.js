#!/usr/bin/env node
import {prepareProcess} from '../dist/cli/prepare-process.js'

prepareProcess()
const {start} = await import('../dist/cli/start.js')
await start(process.argv.slice(2), import.meta.url)
