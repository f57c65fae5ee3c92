/**
 * An HTTP client of a gateway or the centre, as an integrator would write one: keep-alive, a token or a session, JSON in and out,
 * problems as typed errors. Limits: 64 sockets, a time-out a request.
 */
import { Agent, request } from 'node:http';

const TIMEOUT_MS = 20_000;

/** A refusal by the service, or no answer at all (`status` 0: try again with the same id). */
export class ClientFault extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ClientFault';
    this.status = status;
    this.code = code;
  }
}

export type Answer = { readonly status: number; readonly body: unknown; readonly headers: NodeJS.Dict<string | string[]> };

export class Client {
  private readonly base: () => string | undefined;
  /** The token, for who listens to events by other means. */
  readonly bearer: string | undefined;
  private cookie: string | undefined;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' });

  constructor(base: () => string | undefined, token?: string) {
    this.base = base;
    this.bearer = token;
  }

  /** Sends once; any status is an answer, only silence is a fault. */
  send(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const base = this.base();
    if (base === undefined) return Promise.reject(new ClientFault(0, 'not-running', 'the process is not running'));
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(`${base}${path}`, {
        method,
        agent: this.agent,
        timeout: TIMEOUT_MS,
        headers: {
          ...(this.bearer === undefined ? {} : { authorization: `Bearer ${this.bearer}` }),
          ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
          ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text).toString() }),
          ...headers,
        },
      });
      const fail = (fault: Error): void => reject(new ClientFault(0, 'no-answer', fault.message));
      asked.on('error', fail);
      asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
      asked.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', fail);
        response.on('aborted', () => fail(new Error('the answer broke off')));
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          try {
            const isJson = /json/.test(response.headers['content-type'] ?? '');
            resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(answer) : answer, headers: response.headers });
          } catch (fault) {
            fail(fault as Error);
          }
        });
      });
      asked.end(text);
    });
  }

  async get<T>(path: string): Promise<T> {
    return good(await this.send('GET', path), path) as T;
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return good(await this.send('POST', path, body), path) as T;
  }

  async patch<T>(path: string, body: unknown): Promise<T> {
    return good(await this.send('PATCH', path, body), path) as T;
  }

  /** Pairs as a kiosk does; returns its session, the first part of its payment ids. */
  async pair(code: string, kiosk: string): Promise<string> {
    const answer = await this.send('POST', '/v1/sessions', { code, kiosk });
    return (good(answer, '/v1/sessions') as { session: string }).session;
  }

  /** Head office: the password for a session cookie. */
  async signIn(password: string): Promise<void> {
    const answer = await this.send('POST', '/v1/sessions', { password });
    good(answer, '/v1/sessions');
    const cookie = answer.headers['set-cookie'];
    this.cookie = (Array.isArray(cookie) ? cookie[0] : cookie)?.split(';')[0];
  }

  close(): void {
    this.agent.destroy();
  }
}

function good(answer: Answer, path: string): unknown {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  const problem = answer.body as { code?: string; detail?: string };
  throw new ClientFault(answer.status, problem?.code ?? 'unknown', `${path}: ${answer.status} ${problem?.detail ?? ''}`);
}
