#!/usr/bin/env node
import {prepareProcess} from '../dist/cli/prepare-process.js'

prepareProcess()
const {execute} = await import('@oclif/core')
await execute({dir: import.meta.url})
