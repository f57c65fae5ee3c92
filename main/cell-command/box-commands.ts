/** What a box's keeper does with cells: whom to trust, install, list, put into use, go back. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { defineCommand } from 'citty';
import { type ListedCell, listCells } from '../cell-host/list-cells.ts';
import { isCellName, isCellVersion } from '../cell-host/manifest.ts';
import { CellRegistry } from '../cell-host/registry.ts';
import { KEY, KEY_NAME, readTrusted, TRUSTED_FILE, trustedText } from '../cell-host/trusted-keys.ts';
import type { CellSwitch } from '../gateway/commands.ts';
import { refuseUnknown } from '../platform/arguments.ts';
import { systemClock } from '../platform/clock.ts';
import { replaceDurably, syncFolder } from '../platform/durable-file.ts';
import { ExitFault } from '../platform/exit.ts';
import { type CellBox, chosenIn, openCellBox, whileLocked } from './cell-box.ts';
import { readSignedFile } from './cell-files.ts';
import { compared, layDown, notTrusted, prune } from './install-cell.ts';
import { cellReplayText } from './show-replay.ts';
import { switchCell } from './switch-cell.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const KEYS_MAX = 32;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const data = { type: 'string', required: true, valueHint: 'DIR', description: 'The gateway’s data folder; it may be running' } as const;
const cells = { type: 'string', valueHint: 'DIR', description: 'The release’s cells, where they are not beside this program' } as const;
const name = { type: 'positional', required: true, valueHint: 'NAME', description: 'The cell' } as const;

function nameOf(text: string): string {
  if (!isCellName(text)) throw new ExitFault(2, `"${text}" is no cell's name`);
  return text;
}

const trustArgs = {
  key: {
    type: 'positional',
    required: true,
    valueHint: 'KEY',
    description: 'The author’s public key in hex, or a cell that the author signed',
  },
  data,
  name: { type: 'string', valueHint: 'NAME', description: 'Whose key it is, for people' },
  remove: { type: 'boolean', default: false, description: 'Trust it no more' },
} as const;

export const trustCommand = defineCommand({
  meta: { name: 'trust', description: 'Let an author’s cells onto this box, or no more' },
  args: trustArgs,
  run: async ({ args: given }) => {
    refuseUnknown(given, trustArgs);
    const key = KEY.test(given.key) || !existsSync(given.key) ? given.key.toLowerCase() : readSignedFile(given.key).file.key;
    if (!KEY.test(key)) throw new ExitFault(2, `"${given.key}" is neither a key (64 hex digits) nor a signed cell`);
    if (given.name !== undefined && !KEY_NAME.test(given.name))
      throw new ExitFault(2, `"${given.name}" is no name for a key: letters, digits, spaces and . _ -, at most 40`);
    const box = openCellBox(given.data, undefined);
    const called = await whileLocked(box, async () => {
      const known = readTrusted(box.roots.installed);
      if (!known.ok) throw new ExitFault(3, known.error.detail);
      const others = known.value.filter((row) => row.key !== key);
      const name = given.name ?? known.value.find((row) => row.key === key)?.name ?? key.slice(0, 8);
      if (given.remove && others.length === known.value.length) throw new ExitFault(1, `this box did not trust ${key} by its own list`);
      if (others.length >= KEYS_MAX) throw new ExitFault(1, `this box trusts ${KEYS_MAX} authors already; remove one first`);
      if (mkdirSync(box.roots.installed, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(box.data);
      const keys = given.remove ? others : [...others, { name, key }];
      replaceDurably(join(box.roots.installed, TRUSTED_FILE), trustedText(keys));
      return name;
    });
    say(
      given.remove
        ? `${key} is trusted no more; a gateway that runs must be started again`
        : `cells of ${called} (${key}) may be installed`,
    );
  },
});

const verifyArgs = {
  file: { type: 'positional', required: true, valueHint: 'FILE', description: 'A signed cell' },
  data: { ...data, required: false, description: 'A gateway’s data folder: whether that box trusts the author' },
  cells,
} as const;

export const verifyCellCommand = defineCommand({
  meta: { name: 'verify', description: 'Check a cell’s signature, and whether a box trusts its author' },
  args: verifyArgs,
  run: ({ args: given }) => {
    refuseUnknown(given, verifyArgs);
    const { manifest, digest, key } = readSignedFile(given.file).file;
    say(`${manifest.name} ${manifest.version}: signed by ${key}, digest ${digest}`);
    if (given.data === undefined) return;
    const { roots } = openCellBox(given.data, given.cells);
    for (const root of [roots.shipped, roots.installed]) {
      const list = readTrusted(root);
      if (!list.ok) throw new ExitFault(3, list.error.detail);
      const found = list.value.find((row) => row.key === key);
      if (found !== undefined) return say(`trusted here as ${found.name}`);
    }
    throw new ExitFault(1, notTrusted(key, given.data));
  },
});

const installArgs = {
  file: { type: 'positional', required: true, valueHint: 'FILE', description: 'A signed cell' },
  data,
  cells,
  'accept-differences': {
    type: 'boolean',
    default: false,
    description: 'Put it into use although it answers other requests of the last day otherwise',
  },
  'take-over': { type: 'boolean', default: false, description: 'The name is another author’s cell: replace it' },
  older: { type: 'boolean', default: false, description: 'It is older than the version in use' },
} as const;

export const installCommand = defineCommand({
  meta: { name: 'install', description: 'Install a signed cell, compare it on the last day’s requests, put it into use' },
  args: installArgs,
  run: async ({ args: given }) => {
    refuseUnknown(given, installArgs);
    const { bytes, file } = readSignedFile(given.file);
    const box = openCellBox(given.data, given.cells);
    const { name: called, version } = file.manifest;
    const what = `${called} ${version}`;
    await whileLocked(box, async () => {
      const isNew = await layDown(box, bytes, file, { takeOver: given['take-over'], older: given.older });
      say(isNew ? `${what} is installed` : `${what} was installed already`);
      if (!box.hasJournal) return say('this box has no journal yet: enrol it, then `chautari cell use` puts it into use');
      const replay = compared(box, file, systemClock.now() - DAY_MS);
      if (replay !== undefined) say(cellReplayText(replay));
      if (replay !== undefined && replay.differing.length > 0 && !given['accept-differences']) {
        throw new ExitFault(1, `${what} answers otherwise, so it is not in use; look, then install it again with --accept-differences`);
      }
      sayUse(await switchCell(box, { name: called, version }));
      for (const gone of prune(box, called)) say(`${called} ${gone} was taken away: too many versions`);
    });
  },
});

function sayUse({ name: called, version, from, switched }: CellSwitch): void {
  if (!switched) say(`${called} ${version} was in use already`);
  else say(from === undefined ? `${called} ${version} is in use` : `${called} ${version} is in use; before it was ${from}`);
}

const useArgs = {
  name,
  version: { type: 'positional', required: true, valueHint: 'VERSION', description: 'A version that is on this box' },
  data,
  cells,
} as const;

export const useCommand = defineCommand({
  meta: { name: 'use', description: 'Put a version that is on the box into use; no restart' },
  args: useArgs,
  run: async ({ args: given }) => {
    refuseUnknown(given, useArgs);
    if (!isCellVersion(given.version)) throw new ExitFault(2, `"${given.version}" is no version; one is like 0.2.0`);
    sayUse(await switchCell(openCellBox(given.data, given.cells), { name: nameOf(given.name), version: given.version }));
  },
});

const rollbackArgs = { name, data, cells } as const;

export const rollbackCommand = defineCommand({
  meta: { name: 'rollback', description: 'Put the version into use that was in use before; no restart' },
  args: rollbackArgs,
  run: async ({ args: given }) => {
    refuseUnknown(given, rollbackArgs);
    sayUse(await switchCell(openCellBox(given.data, given.cells), { name: nameOf(given.name) }));
  },
});

const listArgs = { data, cells, json: { type: 'boolean', default: false, description: 'As JSON' } } as const;

export const listCommand = defineCommand({
  meta: { name: 'list', description: 'The cells of a box, their versions, and which are in use' },
  args: listArgs,
  run: async ({ args: given }) => {
    refuseUnknown(given, listArgs);
    const listed = await listedIn(openCellBox(given.data, given.cells));
    if (given.json) say(JSON.stringify({ cells: listed }, undefined, 2));
    else for (const cell of listed) for (const line of cellLines(cell)) say(line);
  },
});

function listedIn(box: CellBox): Promise<ListedCell[]> {
  const chosen = chosenIn(box);
  return listCells(
    new CellRegistry(box.roots),
    (called) => chosen.get(called),
    () => nextTurn(),
  );
}

function cellLines({ name: called, inUse, missing, versions }: ListedCell): string[] {
  const head = inUse === undefined ? `${called}: not in use` : `${called}: ${inUse} in use`;
  return [
    missing === undefined ? head : `${head}; ${missing} was chosen and cannot be used`,
    ...versions.map(({ version, origin, state, class: kind, world, key, reason }) =>
      state === 'broken'
        ? `  ${version}  ${origin}  BROKEN: ${reason}`
        : `  ${version}  ${origin}  ${state === 'in-use' ? 'in use' : 'ready'}  ${kind} ${world}  author ${key?.slice(0, 16)}`,
    ),
  ];
}
