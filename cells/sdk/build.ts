/** `node cells/sdk/build.ts [--out DIR]`: builds every cell; one line a cell that was built anew. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCells } from './build-cells.ts';

async function run(): Promise<number> {
  let output: string;
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    output = values.out === undefined ? join(import.meta.dirname, '../../dist/cells') : resolve(values.out);
  } catch (error) {
    process.stderr.write(`cells: ${(error as Error).message}\nusage: node cells/sdk/build.ts [--out DIR]\n`);
    return 2;
  }
  try {
    for (const { name, fresh, bytes, missing } of await buildCells(output)) {
      if (missing !== undefined) process.stderr.write(`cells: ${name} is left out: ${missing}\n`);
      else if (!fresh) process.stderr.write(`cells: ${name} built, ${bytes} bytes\n`);
    }
    return 0;
  } catch (error) {
    process.stderr.write(`cells: ${(error as Error).message}\n`);
    return 1;
  }
}

process.exitCode = await run();
