/** What only shows on a real socket: bodies without a length, many callers at once, the stream of events. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, TestBox } from '../../test/support/api/test-box.ts';
import { systemEntropy } from '../platform/entropy.ts';
import { type Fetch, type Listening, listen } from '../platform/http/listen.ts';
import type { ApprovedBody } from './schemas.ts';
import { makeToken } from './tokens.ts';

let box: TestBox;
let server: Listening;
let admin: Ask;
let authorization: string;

beforeAll(async () => {
  box = await TestBox.open();
  admin = box.token('office', 'admin');
  authorization = `Bearer ${makeToken(box.directory, 'till', ['pay', 'read'], systemEntropy)}`;
  box.passMs(1_000);
  const listening = await listen(box.app.fetch as Fetch, { host: '127.0.0.1', port: 0 });
  if (!listening.ok) throw new Error(listening.error.detail);
  server = listening.value;
});
afterAll(async () => {
  await server.close(0);
  expect(box.failures).toEqual([]);
  await box.close();
});

type Raw = { status: number; body: string };
/** `chunks` go out without a length. */
const post = (path: string, chunks: readonly string[], headers: Record<string, string> = {}): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const asked = request(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization, ...headers },
    });
    asked.on('error', reject);
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    for (const chunk of chunks) asked.write(chunk);
    asked.end();
  });

const sale = (id: string): string => JSON.stringify({ id, method: 'cash', action: 'sale', amount: '100', currency: 'NPR' });

describe('over a socket', () => {
  it('a body in pieces is one body; one without end is refused at the limit', async () => {
    const text = sale('wire:1');
    expect((await post('/v1/payments', [text.slice(0, 20), text.slice(20)])).status).toBe(201);
    const { head } = box;
    const answer = await post('/v1/payments', Array(40).fill('x'.repeat(4_096)));
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'body-too-large' });
    expect(box.head).toEqual(head);
  });

  it('a length that says too much is refused before a byte of it came', async () => {
    const socket = connect({ host: '127.0.0.1', port: server.port });
    socket.write(
      `POST /v1/payments HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n`,
    );
    const first = await new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
    expect(first).toContain('HTTP/1.1 413');
    socket.destroy();
  });

  it('a hundred callers with the same payment make one entry, a hundred others one each', async () => {
    const before = box.head.number;
    const same = await Promise.all(Array.from({ length: 100 }, () => post('/v1/payments', [sale('wire:same')])));
    expect(same.map(({ status }) => status).sort()).toEqual([...Array(99).fill(200), 201]);
    expect(new Set(same.map(({ body }) => (JSON.parse(body) as ApprovedBody).entry.hash)).size).toBe(1);
    expect(box.head.number).toBe(before + 1);
    const others = await Promise.all(Array.from({ length: 100 }, (_, index) => post('/v1/payments', [sale(`wire:${100 + index}`)])));
    expect(new Set(others.map(({ body }) => (JSON.parse(body) as ApprovedBody).entry.number)).size).toBe(100);
    expect(box.head.number).toBe(before + 101);
  });

  it('events tell of a payment after it is in the journal', async () => {
    const stream = await fetch(`${server.url}/v1/events`, { headers: { authorization } });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    const taken = await admin('POST', '/v1/payments', { text: sale('wire:seen') });
    let text = '';
    while (!text.includes('event: seal')) {
      const { value, done } = await reader.read();
      if (done) break;
      text += Buffer.from(value).toString();
    }
    await reader.cancel();
    const line = /event: payment\ndata: (.*)\n/.exec(text)?.[1] ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ id: 'wire:seen', entry: (taken.body as ApprovedBody).entry });
  });
});
