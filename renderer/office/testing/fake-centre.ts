/** A small centre for the office's tests: enough entries, boxes and breaks to fill every screen, and a way to let more happen. */
import type {
  BreakBody,
  CentreAccountBody,
  CentreEntryBody,
  CentreGatewayBody,
  CentreStatusBody,
  LeaseBody,
  VoucherBody,
} from '../../../ledger-sync/central/schemas.ts';
import type { CatalogueItemBody } from '../../../main/api/schemas.ts';

export const PASSWORD = 'four-words-of-office';
const EPOCH = 'b61f00aa1122cc02';
const SITES = [
  ['syabru', 'Syabru'],
  ['gatlang', 'Gatlang'],
  ['briddim', 'Briddim'],
  ['thangpal', 'Thangpal'],
] as const;

const hashOf = (number: number): string => number.toString(16).padStart(4, '0').repeat(16);
const minutesAgo = (now: number, minutes: number): string => new Date(now - minutes * 60_000).toISOString();

const entryOf = (sequence: number, at: string): CentreEntryBody => {
  const [gateway] = SITES[sequence % 3] ?? SITES[0];
  const isWallet = sequence % 3 === 1;
  const isTopUp = sequence % 7 === 0;
  const amount = String(4500 + ((sequence * 7919) % 160_000));
  const wallet = `wallet:W-10${String(sequence % 40).padStart(2, '0')}`;
  const postings = isTopUp
    ? [
        { account: `float:${gateway}`, amount },
        { account: wallet, amount: `-${amount}` },
        { account: `drawer:${gateway}`, amount },
        { account: `agency:${gateway}`, amount: `-${amount}` },
      ]
    : isWallet
      ? [
          { account: wallet, amount },
          { account: `takings:${gateway}`, amount: `-${amount}` },
        ]
      : [
          { account: `drawer:${gateway}`, amount },
          { account: `sales:${gateway}`, amount: `-${amount}` },
        ];
  return {
    sequence,
    gateway,
    epoch: EPOCH,
    number: 1000 + Math.floor(sequence / 3),
    hash: hashOf(sequence),
    previous: hashOf(sequence - 3),
    method: isTopUp || isWallet ? 'wallet' : 'cash',
    action: isTopUp ? 'top-up' : 'sale',
    paymentId: `7qk3v9d2ma.${sequence}`,
    account: isTopUp || isWallet ? wallet : `drawer:${gateway}`,
    amount,
    currency: 'NPR',
    postings,
    operator: 'maya',
    at,
    receivedAt: at,
    standing: 'canonical',
    breaks: sequence === 101 ? [2] : [],
  };
};

const boxOf = (index: number, now: number): CentreGatewayBody => {
  const [gateway, site] = SITES[index] ?? SITES[0];
  const isSilent = gateway === 'thangpal';
  const lag = [0, 2, 0, 11][index] ?? 0;
  return {
    gateway,
    site,
    epoch: EPOCH,
    state: isSilent ? 'silent' : 'live',
    watermark: 1039 - index,
    announced: 1039 - index + lag,
    lag,
    lastContact: minutesAgo(now, isSilent ? 1300 : index),
    keyFingerprint: 'a3f1'.repeat(16),
    entries: 1039 - index,
    batches: 210,
    bytes: 6100 + index * 40,
    refused: index === 2 ? 3 : 0,
    breaks: index === 1 ? 1 : 0,
  };
};

const breaksOf = (now: number): readonly BreakBody[] => [
  {
    id: 3,
    kind: 'forked-journal',
    gateway: 'thangpal',
    epoch: EPOCH,
    number: 988,
    rule: 'J4',
    detail: 'entry 988 came with two hashes',
    at: minutesAgo(now, 1500),
    stage: 'found',
  },
  {
    id: 2,
    kind: 'rule-broken',
    gateway: 'gatlang',
    epoch: EPOCH,
    number: 1033,
    hash: hashOf(101),
    rule: 'P9',
    detail: 'wallet:W-1021 went to -350.00 in the journal of gatlang',
    account: 'wallet:W-1021',
    amount: '35000',
    at: minutesAgo(now, 2900),
    stage: 'found',
  },
];

const ITEMS: readonly CatalogueItemBody[] = [
  {
    id: 'jira-rice',
    name: { en: 'Jira rice', ne: 'जिरा चामल' },
    unit: { en: '1 kg', ne: '१ केजी' },
    price: '11000',
    category: 'grain',
    icon: 'wheat',
  },
  {
    id: 'red-lentils',
    name: { en: 'Red lentils', ne: 'मुसुरो दाल' },
    unit: { en: '1 kg', ne: '१ केजी' },
    price: '18000',
    category: 'grain',
    icon: 'bean',
  },
  {
    id: 'biscuits',
    name: { en: 'Biscuits', ne: 'बिस्कुट' },
    unit: { en: '100 g', ne: '१०० ग्राम' },
    price: '2050',
    category: 'snack',
    icon: 'cookie',
  },
  {
    id: 'matches',
    name: { en: 'Matches', ne: 'सलाई' },
    unit: { en: '1 box', ne: '१ बट्टा' },
    price: '500',
    category: 'light',
    icon: 'flame',
    hidden: true,
  },
];

const problem = (status: number, code: string): Response =>
  Response.json({ type: 'about:blank', title: code, status, code, detail: code }, { status });

export type FakeCentre = {
  readonly answer: (request: Request) => Promise<Response | undefined>;
  /** A new entry comes in and is announced. */
  readonly sell: () => CentreEntryBody;
  readonly items: () => readonly CatalogueItemBody[];
};

export const createFakeCentre = (now: number, count = 120): FakeCentre => {
  const entries = Array.from({ length: count }, (_, index) => entryOf(count - index, minutesAgo(now, index * 2)));
  const vouchers: VoucherBody[] = [];
  const leases: LeaseBody[] = [];
  const listeners = new Set<(text: string) => void>();
  let items = [...ITEMS];
  let isIn = false;

  const accountOf = (id: string): CentreAccountBody => ({
    id,
    kind: id.slice(0, id.indexOf(':')),
    currency: 'NPR',
    balance: '-325000',
    available: '325000',
    entries: 6,
    positions: [
      { gateway: 'syabru', epoch: EPOCH, balance: '-80000', available: '80000' },
      { gateway: 'thangpal', epoch: EPOCH, balance: '-45000', available: '45000' },
      { gateway: 'centre', epoch: EPOCH, balance: '-200000', available: '200000' },
    ],
    asOf: new Date(now).toISOString(),
    sureUntil: minutesAgo(now, 90),
  });
  const status = (): CentreStatusBody => ({
    version: '0.1.0',
    keyFingerprint: 'c0ffee',
    broker: 'connected',
    brokerSince: minutesAgo(now, 60),
    entries: entries.length,
    gateways: SITES.length,
    openBreaks: 2,
    settledToday: { entries: entries.length, amount: entries.reduce((sum, { amount }) => sum + BigInt(amount), 0n).toString() },
    at: new Date(now).toISOString(),
  });
  const listEntries = (query: URLSearchParams): Response => {
    const limit = Number(query.get('limit') ?? 100);
    const after = Number(query.get('after') ?? Number.POSITIVE_INFINITY);
    const account = query.get('account');
    const gateway = query.get('gateway');
    const from = query.get('from') ?? '';
    const to = query.get('to') ?? '~';
    const fitting = entries.filter(
      (one) =>
        one.sequence < after &&
        one.at >= from &&
        one.at <= to &&
        (gateway === null || one.gateway === gateway) &&
        (account === null || one.postings.some((posting) => posting.account === account)),
    );
    const page = fitting.slice(0, limit);
    return Response.json({ entries: page, ...(page.length === limit ? { next: page.at(-1)?.sequence } : {}), total: entries.length });
  };
  const events = (): Response => {
    const encoder = new TextEncoder();
    let push: ((text: string) => void) | undefined;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        push = (text) => controller.enqueue(encoder.encode(text));
        push(': here\n\n');
        listeners.add(push);
      },
      cancel() {
        if (push !== undefined) listeners.delete(push);
      },
    });
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
  };
  const tell = (type: string, data: unknown): void => {
    for (const push of listeners) push(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const post = async (path: string, request: Request): Promise<Response | undefined> => {
    const body = (await request.json().catch(() => ({}))) as Record<string, unknown>;
    if (path === '/v1/sessions') {
      if (body.password !== PASSWORD) return problem(401, 'wrong-password');
      isIn = true;
      return Response.json({ user: 'office', until: new Date(now + 1e7).toISOString() }, { status: 201 });
    }
    if (!isIn) return problem(401, 'sign-in');
    if (path === '/v1/vouchers') {
      const made: VoucherBody = {
        id: '7k2m',
        gateway: String(body.gateway),
        site: String(body.site),
        state: 'open',
        createdAt: new Date(now).toISOString(),
        expiresAt: new Date(now + 7 * 86_400_000).toISOString(),
      };
      vouchers.unshift(made);
      return Response.json({ ...made, code: '7k2m-9qd4-w3xz-h8tn-5rcv' }, { status: 201 });
    }
    if (path === '/v1/leases') {
      if (leases.length > 0 && body.takeOver === undefined) return problem(409, 'leased-already');
      const from = leases.length === 0 ? 2 : 22;
      const { gateway, meter } = body as { gateway: string; meter: string };
      const lease = { number: leases.length + 1, meter, gateway, epoch: '0'.repeat(16), from, to: from + 20, price: '1500' };
      leases.unshift({ ...lease, issuedAt: new Date(now).toISOString() });
      return Response.json({ ...leases[0], text: `CL1:${'0400A'.repeat(50)}` }, { status: 201 });
    }
    if (path === '/v1/catalogue') {
      const edit = body as { items?: readonly (Partial<CatalogueItemBody> & { id: string })[]; remove?: readonly string[] };
      for (const one of edit.items ?? []) {
        const before = items.find(({ id }) => id === one.id);
        items =
          before === undefined
            ? [...items, one as CatalogueItemBody]
            : items.map((item) => (item.id === one.id ? { ...item, ...one } : item));
      }
      items = items.filter(({ id }) => !(edit.remove ?? []).includes(id));
      return Response.json({ items, asOf: new Date(now).toISOString() });
    }
    return undefined;
  };
  const get = (path: string, query: URLSearchParams): Response | undefined => {
    if (!isIn) return problem(401, 'sign-in');
    const [, , what, id] = path.split('/');
    switch (what) {
      case 'session':
        return Response.json({ user: 'office', until: new Date(now + 1e7).toISOString() });
      case 'status':
        return Response.json(status());
      case 'gateways':
        return Response.json({ gateways: SITES.map((_, index) => boxOf(index, now)) });
      case 'breaks':
        return Response.json({ breaks: query.get('stage') === 'closed' ? [] : breaksOf(now), open: 2 });
      case 'entries': {
        if (id === undefined) return listEntries(query);
        const found = entries.find(({ hash }) => hash === id);
        return found === undefined ? problem(404, 'unknown-entry') : Response.json(found);
      }
      case 'accounts': {
        if (id !== undefined) return Response.json(accountOf(decodeURIComponent(id)));
        const text = query.get('query') ?? '';
        const ids = Array.from({ length: 40 }, (_, index) => `wallet:W-10${String(index).padStart(2, '0')}`);
        return Response.json({ accounts: ids.filter((one) => one.includes(text)).map(accountOf) });
      }
      case 'trial-balance':
        return Response.json({
          currency: 'NPR',
          asOf: new Date(now).toISOString(),
          kinds: [
            { kind: 'drawer', accounts: 4, debit: '1840000', credit: '0' },
            { kind: 'wallet', accounts: 40, debit: '0', credit: '640000' },
            { kind: 'sales', accounts: 4, debit: '0', credit: '1200000' },
          ],
          debit: '1840000',
          credit: '1840000',
          entries: entries.length,
        });
      case 'meters':
        return Response.json({ meters: [{ meter: 'M-204' }] });
      case 'leases':
        return Response.json({ leases });
      case 'vouchers':
        return Response.json({ vouchers });
      case 'refused':
        return Response.json({
          refused: [{ topic: 'u/briddim', reason: 'signature', count: 3, firstAt: minutesAgo(now, 400), lastAt: minutesAgo(now, 380) }],
        });
      case 'catalogue':
        return Response.json({ items, asOf: new Date(now).toISOString() });
      case 'export':
        return new Response('2026-05-22 sale\n', {
          headers: { 'content-type': 'text/plain', 'content-disposition': 'attachment; filename="chautari.journal"' },
        });
      case 'events':
        return events();
      default:
        return undefined;
    }
  };
  return {
    answer: async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      if (request.method === 'GET') return get(pathname, searchParams);
      if (request.method === 'DELETE') {
        isIn = false;
        return new Response(null, { status: 204 });
      }
      return post(pathname, request);
    },
    sell: () => {
      const made = entryOf((entries[0]?.sequence ?? 0) + 1, new Date(now).toISOString());
      entries.unshift(made);
      tell('entry', { gateway: made.gateway, from: made.number, to: made.number, sequence: made.sequence });
      return made;
    },
    items: () => items,
  };
};
