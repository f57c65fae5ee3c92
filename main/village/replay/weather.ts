/** The bad weather of a replay: links that follow a trace, and processes killed (-9) at seeded moments of the work. */
import { type Entropy, randomFraction } from '../../platform/entropy.ts';
import { conditionAt, type Trace } from '../trace.ts';
import type { World } from '../world.ts';

const LINK_STEP_MS = 200;
const BACK_MS = 60;
/** Kills fall on this first part of the work, so that those that wait for a process to be back still meet payments. */
const LAST_KILL = 0.92;

/** Plays the trace on each gateway's link, each from another place of it. Returns what stops it and puts the links back. */
export function playTrace(world: World, trace: Trace, speed: number, now: () => number): () => void {
  const startedAt = now();
  const step = (): void => {
    for (const [index, site] of world.sites.entries()) {
      const offset = Math.floor((trace.seconds.length / world.sites.length) * index);
      site.relay.set(conditionAt(trace, now() - startedAt, speed, offset));
    }
  };
  step();
  const timer = setInterval(step, LINK_STEP_MS);
  return () => clearInterval(timer);
}

export type Kills = { readonly gateways: number; readonly broker: number; readonly central: number };

/** Decides beforehand after how many finished operations whom to kill; carries it out as the count passes. */
export class Killer {
  private readonly moments: { readonly after: number; readonly target: string }[] = [];
  private readonly world: World;
  private readonly done = { gateways: 0, broker: 0, central: 0 };
  /** Finished so far; before the first nobody is killed. */
  private operations = -1;

  constructor(world: World, kills: number, operations: number, entropy: Entropy) {
    this.world = world;
    for (let kill = 0; kill < kills; kill++) {
      const target = this.target(kill, entropy);
      this.moments.push({ after: Math.floor(randomFraction(entropy) * operations * LAST_KILL), target });
    }
    this.moments.sort((left, right) => left.after - right.after);
    // A moment after it is back, so that it dies among payments and not on its doorstep.
    world.onChange(() => setTimeout(() => this.strike(), BACK_MS).unref());
  }

  /** The first three meet a gateway, the broker and the centre; of the others three in five meet a gateway. */
  private target(kill: number, entropy: Entropy): string {
    const share = [0, 0.7, 0.9][kill] ?? randomFraction(entropy);
    if (share >= 0.8) return 'central';
    if (share >= 0.6) return 'broker';
    const site = this.world.sites[Math.floor(randomFraction(entropy) * this.world.sites.length)];
    return site?.plan.gateway ?? 'central';
  }

  passed(operations: number): void {
    this.operations = operations;
    this.strike();
  }

  private strike(): void {
    for (let next = this.moments[0]; next !== undefined && next.after <= this.operations; next = this.moments[0]) {
      const child = this.world.child(next.target);
      // One that is down is met when it is back: this is called again then.
      if (child?.state !== 'running' || !child.kill()) return;
      this.moments.shift();
      if (next.target === 'broker' || next.target === 'central') this.done[next.target]++;
      else this.done.gateways++;
    }
  }

  get kills(): Kills {
    return { ...this.done };
  }
}
