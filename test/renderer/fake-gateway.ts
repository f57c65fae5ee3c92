/**
 * A stand-in gateway for the pages' tests: the contract's routes over a small book in memory, the built pages under the strict policy
 * that the real one sends, and switches to make it slow, silent or forgetful.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { CatalogueItemBody, EnrolmentBody, StatusBody } from '../../main/api/schemas.ts';
import { FakeLedger, type PaymentBody } from './fake-ledger.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
type Served = ServerResponse;
const COOKIE = 'chautari_kiosk=paired';

export type FakeGatewayOptions = {
  /** Folders of the built pages by the first part of their path. */
  readonly pages: Readonly<Record<string, string>>;
  readonly startMs?: number;
};

export class FakeGateway {
  readonly ledger: FakeLedger;
  readonly requests: { readonly method: string; readonly path: string; readonly body: unknown }[] = [];
  code = '12345678';
  link: StatusBody['link'];
  printer: StatusBody['printer'] = { state: 'ready', waiting: 0 };
  accepted = true;
  isVillage = true;
  enrolment: EnrolmentBody;
  /** Answers nothing at all: connections are cut. */
  isSilent = false;
  /** Does the work of so many payments and then cuts the line before the answer. */
  losesAnswers = 0;
  /** Refuses so many payments with a full disk. */
  refusesPayments = 0;
  private readonly options: FakeGatewayOptions;
  private sessions = 0;
  private eventId = 0;
  private readonly listeners = new Set<ServerResponse>();
  private readonly server: Server;

  constructor(options: FakeGatewayOptions) {
    this.options = options;
    const startMs = options.startMs ?? Date.now() - 3_600_000;
    this.ledger = new FakeLedger(startMs);
    this.link = { state: 'on', since: new Date(startMs).toISOString(), rttMs: 720 };
    this.enrolment = { state: 'none', keyFingerprint: 'a7'.repeat(32), since: new Date(startMs).toISOString() };
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  send(type: string, data: unknown): void {
    this.eventId += 1;
    for (const listener of this.listeners) listener.write(`id: ${this.eventId}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  setLink(state: StatusBody['link']['state'], since = new Date().toISOString()): void {
    this.link = { state, since, ...(state === 'off' ? {} : { rttMs: 720 }) };
    this.send('link', this.link);
  }

  /** Head office's acknowledgement of everything up to now, or up to a number. */
  settle(number = this.ledger.head): void {
    this.ledger.sent = number;
    this.ledger.settled = number;
    this.send('seal', { sent: number, settled: number, head: this.ledger.head });
  }

  setEnrolment(change: Partial<EnrolmentBody>): void {
    this.enrolment = { ...this.enrolment, ...change };
    this.send('enrolment', this.enrolment);
  }

  private status(): StatusBody {
    const { head, sent, settled } = this.ledger;
    return {
      gateway: 'syabru',
      site: 'स्याब्रु किराना पसल',
      currency: 'NPR',
      epoch: '00c0ffee00c0ffee',
      head: { number: head, hash: '0'.repeat(64) },
      watermark: { received: settled, archived: settled },
      sent,
      pending: { entries: head - settled, bytes: (head - settled) * 7 },
      link: this.link,
      clock: { trusted: true },
      power: { mode: 'full' },
      printer: this.printer,
      methods: [
        { method: 'cash', actions: ['sale', 'refund'] },
        { method: 'wallet', actions: ['sale', 'refund', 'top-up', 'cash-out', 'transfer'] },
        { method: 'energy', actions: ['sale', 'refund'] },
      ],
      accepted: this.accepted,
      village: this.isVillage,
      version: '0.1.0',
    };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<Served> {
    const url = new URL(request.url ?? '/', 'http://box');
    const path = decodeURIComponent(url.pathname);
    if (this.isSilent && path.startsWith('/v1/')) {
      request.socket.destroy();
      return response;
    }
    const page = path.split('/')[1] ?? '';
    const folder = this.options.pages[page];
    if (folder !== undefined) return this.servePage(folder, path.slice(page.length + 2), response);
    const text = await bodyOf(request);
    let body: unknown;
    try {
      body = text === '' ? undefined : JSON.parse(text);
    } catch {
      return problem(response, 400, 'malformed-json');
    }
    this.requests.push({ method: request.method ?? '', path, body });
    if (path === '/v1/sessions' && request.method === 'POST') return this.pair(body, response);
    if (!(request.headers.cookie ?? '').includes(COOKIE)) return problem(response, 401, 'not-paired');
    return this.route(request, response, path, url, body);
  }

  private route(request: IncomingMessage, response: ServerResponse, path: string, url: URL, body: unknown): Served {
    const isPost = request.method === 'POST';
    if (path === '/v1/leases') return isPost ? this.lease(body, response) : json(response, 200, { leases: this.ledger.leases });
    if (path === '/v1/session') return json(response, 200, this.sessionBody());
    if (path === '/v1/status') return json(response, 200, this.status());
    if (path === '/v1/events') return this.listen(response);
    if (path === '/v1/catalogue') return request.method === 'PATCH' ? this.edit(body, response) : json(response, 200, this.catalogue());
    if (path === '/v1/enrolment') return isPost ? this.enrol(body, response) : json(response, 200, this.enrolment);
    if (path === '/village/link' && isPost) {
      const { state } = body as { state: string };
      this.setLink(state === 'cut' ? 'off' : state === 'bad' ? 'slow' : 'on');
      return json(response, 200, { state });
    }
    if (path === '/v1/accounts') return json(response, 200, { accounts: this.ledger.find(url.searchParams.get('query') ?? '') });
    if (path.startsWith('/v1/accounts/')) {
      const account = this.ledger.account(path.slice('/v1/accounts/'.length));
      return account === undefined ? problem(response, 404, 'unknown-account') : json(response, 200, account);
    }
    if (path === '/v1/payments' && !isPost) return json(response, 200, this.history(url));
    const reversed = /^\/v1\/payments\/([^/]+)\/reversal$/.exec(path)?.[1];
    if (reversed !== undefined) return this.answer(response, this.ledger.reverse((body as PaymentBody).id, reversed));
    const printed = /^\/v1\/payments\/([^/]+)\/prints$/.exec(path)?.[1];
    if (printed !== undefined) {
      this.send('effect', { payment: printed, kind: 'receipt', state: 'done' });
      return json(response, 202, { copy: 1, state: 'due' });
    }
    if (path === '/v1/payments') {
      if (this.refusesPayments > 0) {
        this.refusesPayments -= 1;
        return problem(response, 503, 'storage');
      }
      return this.answer(response, this.ledger.take(body as PaymentBody));
    }
    return problem(response, 404, 'not-found');
  }

  private answer(response: ServerResponse, done: ReturnType<FakeLedger['reverse']>): Served {
    if (done === 'conflict') return problem(response, 409, 'id-conflict');
    if (done === 'unknown') return problem(response, 404, 'unknown-payment');
    const item = this.ledger.history.find(({ id }) => id === done.answer.id);
    if (!done.repeated && item !== undefined) this.send('payment', item);
    if (this.losesAnswers > 0) {
      this.losesAnswers -= 1;
      response.socket?.destroy();
      return response;
    }
    const answered = json(response, done.repeated ? 200 : 201, done.answer);
    if (!done.repeated && item !== undefined && this.printer.state !== 'none') {
      const state = this.printer.state === 'ready' ? 'done' : 'refused';
      this.send('effect', { payment: item.id, kind: 'receipt', state, ...(state === 'done' ? {} : { reason: this.printer.state }) });
    }
    return answered;
  }

  private history(url: URL): unknown {
    const before = Number(url.searchParams.get('before') ?? Number.MAX_SAFE_INTEGER);
    const limit = Number(url.searchParams.get('limit') ?? 50);
    const all = this.ledger.history.filter(({ entry }) => entry.number < before).reverse();
    const payments = all.slice(0, limit).map((item) => ({ ...item, seal: this.ledger.sealOf(item.entry.number) }));
    return { payments, ...(all.length > limit ? { next: payments.at(-1)?.entry.number } : {}) };
  }

  private catalogue(): unknown {
    return { items: this.ledger.items, asOf: new Date().toISOString() };
  }

  private edit(body: unknown, response: ServerResponse): Served {
    const { items = [] } = body as { items?: (Partial<CatalogueItemBody> & { id: string })[] };
    for (const change of items) {
      const index = this.ledger.items.findIndex(({ id }) => id === change.id);
      if (index < 0) this.ledger.items.push(change as CatalogueItemBody);
      else this.ledger.items[index] = { ...(this.ledger.items[index] as CatalogueItemBody), ...change };
    }
    this.send('document', { name: 'catalogue' });
    return json(response, 200, this.catalogue());
  }

  private lease(body: unknown, response: Served): Served {
    if ((body as { lease: string }).lease.startsWith('CL1:')) return json(response, 201, this.ledger.leases[0]);
    return problem(response, 422, 'not-a-lease');
  }

  private enrol(body: unknown, response: ServerResponse): Served {
    const { voucher } = body as { voucher: string };
    if (!/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}$/.test(voucher)) return problem(response, 422, 'bad-voucher');
    this.enrolment = { ...this.enrolment, state: 'asking' };
    return json(response, 202, this.enrolment);
  }

  private pair(body: unknown, response: ServerResponse): Served {
    const { code, kiosk } = body as { code: string; kiosk: string };
    if (code !== this.code) return problem(response, 401, 'wrong-code');
    this.sessions += 1;
    response.setHeader('set-cookie', `${COOKIE}; HttpOnly; SameSite=Strict; Path=/`);
    return json(response, 201, { ...this.sessionBody(), kiosk });
  }

  private sessionBody(): Record<string, unknown> {
    const { gateway, site, currency } = this.status();
    const session = `k7w3m9q2t${this.sessions}`;
    return { session, kiosk: 'screen-1', gateway, site, currency, scopes: ['pay', 'read', 'enrol'] };
  }

  private listen(response: ServerResponse): Served {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': hello\n\n');
    this.listeners.add(response);
    return response.on('close', () => this.listeners.delete(response));
  }

  private async servePage(folder: string, file: string, response: ServerResponse): Promise<Served> {
    const name = file === '' ? 'index.html' : file;
    try {
      const bytes = await readFile(join(folder, name));
      response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'content-security-policy': POLICY });
      return response.end(bytes);
    } catch {
      return response.writeHead(404).end();
    }
  }
}

const json = (response: ServerResponse, status: number, body: unknown): Served => {
  return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const problem = (response: ServerResponse, status: number, code: string): Served => {
  return response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', title: code, status, detail: code, code }));
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};
