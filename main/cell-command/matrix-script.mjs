// `chautari cell matrix` in other runtimes of JavaScript: loads jco's output beside it, runs the recording, prints the answers.
import { readFileSync } from 'node:fs';
import { runRecorded } from './matrix-runner.mjs';

// What only lies beside this script once it is laid out.
const CELL = './cell.mjs';

const beside = (name) => readFileSync(new URL(name, import.meta.url));
const { modules, requests } = JSON.parse(beside('recording.json').toString());
const compiled = new Map(modules.map((name) => [name, new WebAssembly.Module(beside(name))]));
const { instantiate } = await import(CELL);
console.log(JSON.stringify(runRecorded(instantiate, (name) => compiled.get(name), requests)));
