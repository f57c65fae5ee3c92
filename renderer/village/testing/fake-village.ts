/** A village for the page's tests: three boxes, each order is obeyed at once, and the money can be made wrong. */
import type { VillageProcess, VillageState } from '../../../main/village/schemas.ts';

type Box = {
  readonly id: string;
  readonly name: { readonly en: string; readonly ne: string };
  head: number;
  watermark: number;
  kills: number;
  link: 'up' | 'bad' | 'cut';
};

export type FakeVillage = {
  readonly answer: (request: Request) => Promise<Response | undefined>;
  readonly sell: (gateway: string) => void;
  /** One approved payment is in no journal any more. */
  readonly lose: () => void;
  readonly orders: () => readonly string[];
};

export const createFakeVillage = (clock: () => number): FakeVillage => {
  const startedAt = clock();
  const boxes: Box[] = [
    { id: 'syabru', name: { en: 'Syabru', ne: 'स्याब्रु' }, head: 4917, watermark: 4917, kills: 0, link: 'up' },
    { id: 'gatlang', name: { en: 'Gatlang', ne: 'गत्लाङ' }, head: 3312, watermark: 3312, kills: 1, link: 'up' },
    { id: 'briddim', name: { en: 'Briddim', ne: 'ब्रिद्दिम' }, head: 2911, watermark: 2904, kills: 3, link: 'bad' },
  ];
  const kills: Record<string, number> = { central: 2, broker: 5 };
  const log: VillageState['log'][number][] = [
    { at: new Date(startedAt - 30_000).toISOString(), icon: 'kill', text: { en: 'Briddim killed (-9)', ne: 'ब्रिद्दिम मारियो (-9)' } },
    { at: new Date(startedAt - 29_000).toISOString(), icon: 'back', text: { en: 'Briddim came back', ne: 'ब्रिद्दिम फर्क्यो' } },
  ];
  const listeners = new Set<(text: string) => void>();
  const orders: string[] = [];
  let rain = false;
  let lost = 0;

  const since = new Date(startedAt - 180_000).toISOString();
  const detail = { up: '38 ms', bad: '820 ms, 12 %', cut: '' };
  const boxState = (box: Box, index: number): VillageProcess => {
    if (box.link !== 'cut') box.watermark = box.link === 'up' ? box.head : box.watermark;
    return {
      id: box.id,
      kind: 'gateway',
      name: box.name,
      state: 'running',
      pid: 4131 + index,
      since,
      kills: box.kills,
      restarts: box.kills,
      url: `http://127.0.0.1:${7071 + index}`,
      openUrl: `http://127.0.0.1:${7071 + index}/kiosk/#pair=12345678`,
      head: box.head,
      watermark: box.watermark,
      pending: box.head - box.watermark,
      link: { state: box.link, since: new Date(clock() - 130_000).toISOString(), detail: detail[box.link] },
    };
  };
  const state = (): VillageState => {
    const approved = boxes.reduce((sum, { head }) => sum + head, 0);
    const parts = ['9624500', '7130000', '5845500'].map((amount, index) => {
      const box = boxes[index] as Box;
      return { id: box.id, name: box.name, kind: 'here' as const, amount };
    });
    const process = (id: 'central' | 'broker', name: VillageProcess['name'], pid: number): VillageProcess => ({
      id,
      kind: id,
      name,
      state: 'running',
      pid,
      since,
      kills: kills[id] ?? 0,
      restarts: kills[id] ?? 0,
      ...(id === 'central' ? { url: 'http://127.0.0.1:7070', openUrl: 'http://127.0.0.1:7070/office/' } : {}),
    });
    return {
      processes: [
        process('central', { en: 'Head office', ne: 'मुख्यालय' }, 4102),
        process('broker', { en: 'Broker', ne: 'ब्रोकर' }, 4377),
        ...boxes.map(boxState),
      ],
      money: {
        total: '50000000',
        currency: 'NPR',
        parts: [
          ...parts,
          { id: 'transit', name: { en: 'In transit', ne: 'बाटोमा' }, kind: 'transit', amount: '1050000' },
          { id: 'central', name: { en: 'Head office', ne: 'मुख्यालय' }, kind: 'else', amount: '26350000' },
        ],
        tally: {
          approved,
          inJournal: approved - lost,
          atCentre: boxes.reduce((sum, { watermark }) => sum + watermark, 0),
          lost,
          doubled: 0,
          takenBack: 0,
        },
        ok: lost === 0,
        differences:
          lost === 0
            ? []
            : [{ text: { en: '7qk3v9d2ma.12 was approved and is in no journal', ne: '7qk3v9d2ma.12 स्वीकृत भयो, तर खातामा छैन' } }],
        at: new Date(clock()).toISOString(),
      },
      rain,
      log: [...log].reverse(),
      officePassword: 'four-words-of-office',
      at: new Date(clock()).toISOString(),
    };
  };
  const tell = (): void => {
    for (const push of listeners) push(`event: state\ndata: ${JSON.stringify(state())}\n\n`);
  };
  const events = (): Response => {
    const encoder = new TextEncoder();
    let push: ((text: string) => void) | undefined;
    return new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          push = (text) => controller.enqueue(encoder.encode(text));
          listeners.add(push);
          push(`event: state\ndata: ${JSON.stringify(state())}\n\n`);
        },
        cancel() {
          if (push !== undefined) listeners.delete(push);
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );
  };
  const obey = (path: string, body: Readonly<Record<string, unknown>>): boolean => {
    const box = boxes.find(({ id }) => id === (body.gateway ?? body.process));
    const at = new Date(clock()).toISOString();
    if (path === '/village/link' && box !== undefined) {
      box.link = body.state as Box['link'];
      log.push({ at, icon: 'link', text: { en: `Link of ${box.name.en}: ${box.link}`, ne: `${box.name.ne} को लिंक: ${box.link}` } });
    } else if (path === '/village/kill' && box !== undefined) box.kills += 1;
    else if (path === '/village/kill' && typeof body.process === 'string' && Object.hasOwn(kills, body.process))
      kills[body.process] = (kills[body.process] ?? 0) + 1;
    else if (path === '/village/rain') rain = body.on === true;
    else return false;
    orders.push(`${path} ${JSON.stringify(body)}`);
    return true;
  };
  return {
    answer: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === '/village/state') return Response.json(state());
      if (pathname === '/village/events') return events();
      if (request.method !== 'POST') return undefined;
      const isDone = obey(pathname, (await request.json()) as Record<string, unknown>);
      if (!isDone) return Response.json({ code: 'not-found', title: 'Not found', status: 404, detail: pathname }, { status: 404 });
      tell();
      return Response.json(state());
    },
    sell: (gateway) => {
      const box = boxes.find(({ id }) => id === gateway);
      if (box !== undefined) box.head += 1;
      tell();
    },
    lose: () => {
      lost += 1;
      tell();
    },
    orders: () => orders,
  };
};
