#!/usr/bin/env node
import { processRuntime } from '../dist/process-runtime.js';
import { run } from '../dist/run.js';

process.exitCode = await run(processRuntime());
