/** `HOST:PORT` as given on the command line. Loopback unless asked otherwise; port 0 lets the system pick. */
import { ExitFault } from './exit.ts';

export type Address = { readonly host: string; readonly port: number };

export function parseAddress(text: string): Address {
  const match = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):([0-9]{1,5})$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65_535) throw new ExitFault(2, `"${text}" is not HOST:PORT, such as 127.0.0.1:7070`);
  return { host, port };
}

export const addressUrl = ({ host, port }: Address): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host);
