/**
 * The host that a gateway runs: of each name the version that was chosen, or the standard one where nobody chose. Which one it is, is
 * asked at every request of whoever keeps the choices, so a switch takes effect with the transaction that records it and is gone with
 * the one that is rolled back; there is nothing here to swap. A chosen version that is broken, untrusted or gone is replaced by the
 * standard one, which the release brought, and a line says so; a name without one is not served.
 */
import type { Result } from '../../ledger-sync/ledger/result.ts';
import type { CellDecision, CellFacts, CellHost, CellPayment } from './cell.ts';
import type { CellFolderFault } from './cell-folder.ts';
import { decideWith, type HostedCell } from './cell-host.ts';
import { LIMITS } from './limits.ts';
import { hosted } from './load-cells.ts';
import type { PreparedCell } from './prepared-cell.ts';
import type { CellRegistry } from './registry.ts';

export type CellChoice = { readonly version: string; readonly digest: string };

/** Who keeps what was chosen: the store, within the transaction that runs. */
export type CellChoices = { readonly chosen: (name: string) => CellChoice | undefined };

type Entry = { readonly choice: CellChoice | undefined; readonly prepared: PreparedCell | undefined };

const sameChoice = (left: CellChoice | undefined, right: CellChoice | undefined): boolean =>
  left?.version === right?.version && left?.digest === right?.digest;

/** What a gateway asks of its cells beyond deciding. */
export type CellsInUse = CellHost & {
  /** The version of a name that is in use now, of any world. */
  readonly inUse: (name: string) => PreparedCell | undefined;
  /** A version that could be put into use; what was placed a moment ago is found. */
  readonly candidate: (name: string, version: string) => Result<PreparedCell, CellFolderFault>;
  readonly actionsOf: (method: string) => readonly string[] | undefined;
  /** Reads and compiles what a run of the method needs, ahead of it: neither a slow disk nor a large module is the cell's own time. */
  readonly ready: (method: string) => void;
  readonly isSlow: (method: string) => boolean;
  /** What is out, and what is used in the place of what was chosen: lines for the log, each once. */
  readonly takeTroubles: () => string[];
};

class Versions {
  readonly #registry: CellRegistry;
  readonly #choices: CellChoices;
  readonly #entries = new Map<string, Entry>();
  readonly #hosted = new WeakMap<PreparedCell, HostedCell>();
  readonly #told = new Set<string>();
  #faultsTold = -1;
  #troubles: string[] = [];

  constructor(registry: CellRegistry, choices: CellChoices) {
    this.#registry = registry;
    this.#choices = choices;
  }

  inUse(name: string): PreparedCell | undefined {
    const choice = this.#choices.chosen(name);
    const entry = this.#entries.get(name);
    if (entry !== undefined && sameChoice(entry.choice, choice)) return entry.prepared;
    const prepared = this.#resolve(name, choice);
    // A name that nobody knows is any text of a client's: not kept.
    if (prepared !== undefined || choice !== undefined) this.#entries.set(name, { choice, prepared });
    return prepared;
  }

  #resolve(name: string, choice: CellChoice | undefined): PreparedCell | undefined {
    if (choice === undefined) return this.#registry.standard(name);
    const found = this.#registry.find(name, choice.version, choice.digest);
    if (found.ok) return found.value;
    const standard = this.#registry.standard(name);
    const instead = standard === undefined ? `${name} is not served` : `${standard.manifest.version} of the release is used in its place`;
    this.#troubles.push(`the cell ${name} ${choice.version}, which was put into use, cannot be used: ${found.error.detail}; ${instead}`);
    return standard;
  }

  candidate(name: string, version: string): Result<PreparedCell, CellFolderFault> {
    // What stands in for a broken version is looked at again.
    this.#entries.delete(name);
    return this.#registry.find(name, version);
  }

  /** The version in use, ready to run. One whose files were changed since they were verified is out, and the next one is asked. */
  #readied(name: string): PreparedCell | undefined {
    for (let tries = 0; tries < LIMITS.versionsMax; tries += 1) {
      const prepared = this.inUse(name);
      if (prepared === undefined || this.#registry.ready(prepared)) return prepared;
      this.#entries.delete(name);
    }
    return undefined;
  }

  payment(method: string, isRunNow = false): HostedCell | undefined {
    const prepared = isRunNow ? this.#readied(method) : this.inUse(method);
    if (prepared === undefined) return undefined;
    const known = this.#hosted.get(prepared);
    if (known !== undefined) return known;
    const cell = hosted(prepared);
    if (cell !== undefined) this.#hosted.set(prepared, cell);
    return cell;
  }

  names(): string[] {
    return this.#registry.names();
  }

  /** Asked after every commit. */
  takeTroubles(): string[] {
    const lines = this.#faultsTold === this.#registry.faultsSeen ? [] : this.#newlyOut();
    lines.push(...this.#troubles);
    this.#troubles = [];
    return lines;
  }

  #newlyOut(): string[] {
    this.#faultsTold = this.#registry.faultsSeen;
    const out = this.#registry
      .broken()
      .map(({ name, version, origin, fault }) => `the ${origin} cell ${name} ${version} is out: ${fault.detail}`);
    const lines = [...this.#registry.troubles, ...out].filter((line) => !this.#told.has(line));
    for (const line of lines) this.#told.add(line);
    return lines;
  }
}

export function cellsInUse(registry: CellRegistry, choices: CellChoices): CellsInUse {
  const versions = new Versions(registry, choices);
  const manifestOf = (method: string) => versions.payment(method)?.manifest;
  return {
    decide: (method: string, payment: CellPayment, facts: CellFacts, seed?: string): CellDecision => {
      const cell = versions.payment(method, true);
      if (cell === undefined) return { outcome: 'failed', fault: { code: 'unknown-method', detail: `there is no cell for ${method}` } };
      return decideWith(cell, payment, facts, seed);
    },
    methods: () =>
      versions.names().flatMap((method) => {
        const manifest = manifestOf(method);
        return manifest === undefined ? [] : [{ method, actions: Object.keys(manifest.actions), manifest }];
      }),
    opens: (method, action) => manifestOf(method)?.actions[action]?.opens,
    cellOf: (method) => {
      const cell = versions.payment(method);
      return cell === undefined ? undefined : { name: method, version: cell.manifest.version, digest: cell.digest };
    },
    ready: (method) => void versions.payment(method, true),
    isSlow: (method) => manifestOf(method)?.class === 'slow',
    inUse: (name) => versions.inUse(name),
    candidate: (name, version) => versions.candidate(name, version),
    actionsOf: (method) => {
      const manifest = manifestOf(method);
      return manifest === undefined ? undefined : Object.keys(manifest.actions);
    },
    takeTroubles: () => versions.takeTroubles(),
  };
}
