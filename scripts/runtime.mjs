// Which Node runs Chautari: the Node 24 that the platform's package brings, or else the machine's own when it is 24 or later.
// Plain JavaScript that runs under Node 18 and later, because it is what finds the newer one.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const neededMajor = 24;

const packageFacts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const ownMajor = Number(process.versions.node.split('.')[0]);
const platformPackage = `node-${process.platform}-${process.arch}`;

/** The platform package's Node, wherever it would be, and whether it is there. */
export const packagedNode = join(root, 'node_modules', platformPackage, 'bin', 'node');
export const hasPackagedNode = () => existsSync(packagedNode);
/** What `.bin/node` points to: relative, so that a moved checkout goes on working. */
export const packagedNodeLink = join('..', platformPackage, 'bin', 'node');

/** Whether this machine can have a new enough Node at all; known before anything is installed. */
export const canHaveRuntime = () => ownMajor >= neededMajor || platformPackage in packageFacts.optionalDependencies;

/** The Node to run everything under, or undefined where there is none. */
export const runtimeNode = () => (hasPackagedNode() ? packagedNode : ownMajor >= neededMajor ? process.execPath : undefined);

export const noRuntimeLine = () =>
  `chautari: needs Node ${neededMajor}: this is ${process.version} on ${process.platform}-${process.arch}, for which no Node ${neededMajor} comes with the ` +
  `packages (Linux x64 and arm64 have one). Install Node ${neededMajor} or later and start again.`;
