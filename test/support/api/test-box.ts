/**
 * A whole box in this process: the real composition over a folder of its own, with the built cells, no broker, and a clock that the test
 * sets. Every good answer is held against the schema of its route; every refusal must be a problem and must leave the journal as it was.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect } from 'vitest';
import { ensureBuilt } from '../../../cells/sdk/build-cells.ts';
import type { Head } from '../../../ledger-sync/ledger/journal.ts';
import { gatewayApp } from '../../../main/api/app.ts';
import type { GatewayFace, Ledger } from '../../../main/api/face.ts';
import { Problem, type ProblemBody } from '../../../main/api/schemas.ts';
import { makeToken, type Scope } from '../../../main/api/tokens.ts';
import { type Box, openBox } from '../../../main/gateway/compose/box.ts';
import { systemEntropy } from '../../../main/platform/entropy.ts';
import { loadIdentity } from '../../../main/platform/identity.ts';
import { systemTimers } from '../../../main/platform/timers.ts';

export const HOST = '127.0.0.1:7070';
const START_MS = 1_716_800_000_000;

export type Asked = {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is; the content type is JSON unless the headers say another. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Answered = { readonly status: number; readonly body: unknown; readonly headers: Headers };
export type Ask = (method: string, path: string, asked?: Asked) => Promise<Answered>;

type Schema = { parse(value: unknown): unknown };
type Route = { readonly method: string; readonly pattern: RegExp; readonly answers: ReadonlyMap<number, Schema> };
type App = ReturnType<typeof gatewayApp>;

export type TestBoxOptions = {
  readonly enrolled?: boolean;
  readonly villageUrl?: string;
  readonly directory?: string;
  readonly localToken?: string;
};

export class TestBox {
  readonly directory: string;
  readonly app: App;
  readonly face: GatewayFace;
  /** What was logged as a failure of ours: a status of 500. */
  readonly failures: unknown[] = [];
  private readonly box: Box;
  private readonly clock: { nowMs: number };
  private readonly routes: readonly Route[];

  private constructor(directory: string, box: Box, clock: { nowMs: number }) {
    this.directory = directory;
    this.box = box;
    this.face = box.face;
    this.clock = clock;
    const logError = (error: unknown): void => void this.failures.push(error);
    this.app = gatewayApp({ face: box.face, pagesDirectory: join(directory, 'pages'), hostNames: [], logError });
    this.routes = routesOf(this.app);
  }

  /** A box that is enrolled unless told otherwise. `directory` is of one that ran before. */
  static async open(options: TestBoxOptions = {}): Promise<TestBox> {
    const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'chautari-box-'));
    if (options.directory === undefined) {
      mkdirSync(join(directory, 'pages/kiosk'), { recursive: true });
      writeFileSync(join(directory, 'pages/kiosk/index.html'), '<!doctype html><title>kiosk</title>');
      // As on a real box, the key comes before the enrolment.
      loadIdentity(directory);
      if (options.enrolled !== false) writeFileSync(join(directory, 'enrolment.json'), JSON.stringify(ENROLLED), { mode: 0o600 });
    }
    const clock = { nowMs: START_MS };
    const box = await openBox({
      dataDirectory: directory,
      cellsDirectory: await ensureBuilt(),
      // Nobody listens on port 1: a box without a link.
      mqttUrl: 'mqtt://127.0.0.1:1',
      currency: 'NPR',
      printerPath: undefined,
      receiptLanguage: 'both',
      villageUrl: options.villageUrl,
      localToken: options.localToken,
      clock: { now: () => clock.nowMs, monotonic: () => performance.now() },
      timers: systemTimers,
      entropy: systemEntropy,
      log: pino({ level: 'silent' }),
    });
    return new TestBox(directory, box, clock);
  }

  get ledger(): Ledger {
    const ledger = this.face.ledger();
    if (ledger === undefined) throw new Error('this box is not enrolled');
    return ledger;
  }

  get head(): Head {
    return this.ledger.reader.head();
  }

  /** The code that the box shows now. */
  get code(): string {
    return readFileSync(join(this.directory, 'pairing-code'), 'utf8').trim();
  }

  passMs(passed: number): void {
    this.clock.nowMs += passed;
  }

  /** Asks without any right unless the headers carry one. A good answer has been held against its route's schema. */
  readonly ask: Ask = async (method, path, { body, text, headers = {} } = {}) => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await this.app.request(`http://${HOST}${path}`, {
      method,
      headers: { host: HOST, ...(sent === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    const answered = { status: answer.status, body: isJson ? await answer.json() : await answer.text(), headers: answer.headers };
    this.hold(method, path, answered);
    return answered;
  };

  /** The schemas strip what they do not know, so an answer that says more than its schema fails too. */
  private hold(method: string, path: string, { status, body, headers }: Answered): void {
    expect(status, `${method} ${path}`).not.toBe(500);
    const route = this.routes.find((row) => row.method === method.toLowerCase() && row.pattern.test(path.split('?')[0] as string));
    const schema = route?.answers.get(status);
    if (schema !== undefined) {
      expect(schema.parse(body), `${method} ${path}`).toEqual(body);
    } else if (status >= 400) {
      expect(headers.get('content-type'), `${method} ${path}`).toBe('application/problem+json');
      expect(Problem.parse(body)).toEqual(body);
      expect((body as ProblemBody).status).toBe(status);
    } else if (route !== undefined && route.answers.size > 0) {
      throw new Error(`${method} ${path} answered ${status}, which its route does not list`);
    }
  }

  /** Who has these headers on everything. */
  as(headers: Readonly<Record<string, string>>): Ask {
    return (method, path, asked = {}) => this.ask(method, path, { ...asked, headers: { ...headers, ...asked.headers } });
  }

  /** A third party with a new token of these scopes. */
  token(name: string, ...scopes: Scope[]): Ask {
    const secret = makeToken(this.directory, name, scopes, systemEntropy);
    // The list looks at its file at most twice a second.
    this.passMs(1_000);
    return this.as({ authorization: `Bearer ${secret}` });
  }

  /** A kiosk paired by the code on the box, and its session. */
  async kiosk(name = 'counter'): Promise<{ readonly ask: Ask; readonly session: string; readonly cookie: string }> {
    const paired = await this.ask('POST', '/v1/sessions', { body: { code: this.code, kiosk: name } });
    expect(paired.status).toBe(201);
    const cookie = (paired.headers.get('set-cookie') ?? '').split(';')[0] as string;
    return { ask: this.as({ cookie }), session: (paired.body as { session: string }).session, cookie };
  }

  /** What is asked must be refused just so, and nothing may have moved. */
  async refuses(asking: () => Promise<Answered>, status: number, code: string): Promise<ProblemBody> {
    const before = this.head;
    const answered = await asking();
    const problem = answered.body as ProblemBody;
    expect({ status: answered.status, code: problem.code, detail: problem.detail }).toEqual({ status, code, detail: expect.any(String) });
    expect(problem.detail.length).toBeGreaterThan(10);
    expect(this.head).toEqual(before);
    return problem;
  }

  /** The folder stays where `keep` says so. */
  async close(keep = false): Promise<void> {
    await this.box.stop();
    if (!keep) rmSync(this.directory, { recursive: true, force: true });
  }
}

const ENROLLED = {
  state: 'enrolled',
  epoch: '0123456789abcdef',
  gateway: 'syabru',
  site: 'Syabru Besi',
  currency: 'NPR',
  centreKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  since: START_MS,
};

type RouteConfig = {
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>>;
};

function routesOf(app: App): readonly Route[] {
  const routes: Route[] = [];
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue;
    const { method, path, responses } = definition.route as unknown as RouteConfig;
    const answers = new Map<number, Schema>();
    for (const [status, { content }] of Object.entries(responses)) {
      const schema = content?.['application/json']?.schema;
      if (schema !== undefined) answers.set(Number(status), schema);
    }
    routes.push({ method, pattern: new RegExp(`^${path.replace(/\{[a-z]+\}/g, '[^/]+')}$`), answers });
  }
  // Fixed paths before those with a name in them.
  return routes.sort((left, right) => left.pattern.source.split('[^/]+').length - right.pattern.source.split('[^/]+').length);
}
