#!/usr/bin/env node
/**
 * The entry of the `chautari` command. Everything else is loaded behind Node's compile cache: stripped and compiled once for each change
 * of the sources, not at each start, which halves a gateway's start and its memory. Whoever starts this file with the variable already
 * set spares even this file; threads and children have it from here. A place that cannot be written costs the cache and nothing else.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

/** After a start has compiled what it needs; a process that is killed leaves nothing to the next one otherwise. */
const FLUSH_AFTER_MS = 5_000;

process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../dist/.compile-cache');
enableCompileCache();
setTimeout(flushCompileCache, FLUSH_AFTER_MS).unref();

const { outliveReader, exitWith } = await import('./platform/exit.ts');
const { runCommandLine } = await import('./command.ts');
outliveReader(process.stdout);
await runCommandLine(process.argv.slice(2)).catch(exitWith);
