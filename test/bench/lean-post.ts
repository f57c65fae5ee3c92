/** Posts JSON over one kept connection by Node's own client: `fetch` would bring memory and time that a lean caller does not need. */
import { Agent, request } from 'node:http';

export type LeanPost = (path: string, body: object) => Promise<{ readonly status: number; readonly text: string }>;

export function leanPost(url: string, token: string): LeanPost {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (path, body) =>
    new Promise((resolve, reject) => {
      const asked = request(`${url}${path}`, { method: 'POST', agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      asked.on('error', reject);
      asked.end(JSON.stringify(body));
    });
}
