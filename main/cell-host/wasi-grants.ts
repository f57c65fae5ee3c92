/**
 * Which interfaces of WASI a manifest may grant. What a language's runtime imports unasked is served empty; clocks give the request's
 * time and randomness the request's recorded seed, so that a replay sees the same; sockets open only to the addresses that the
 * manifest names. Nothing else of WASI can be granted: no file, no variable, no other network.
 */
const SERVED: Readonly<Record<string, readonly string[]>> = {
  cli: [
    'environment',
    'exit',
    'stdin',
    'stdout',
    'stderr',
    'terminal-input',
    'terminal-output',
    'terminal-stdin',
    'terminal-stdout',
    'terminal-stderr',
  ],
  io: ['error', 'poll', 'streams'],
  filesystem: ['types', 'preopens'],
  clocks: ['wall-clock', 'monotonic-clock'],
  random: ['random', 'insecure', 'insecure-seed'],
  sockets: ['network', 'instance-network', 'udp', 'udp-create-socket', 'tcp', 'tcp-create-socket', 'ip-name-lookup'],
};

/** Why an interface of WASI cannot be granted; undefined where it can, and for interfaces that are not WASI's. */
export function wasiDenial(name: string, grant: { readonly sockets: boolean }): string | undefined {
  const match = /^wasi:([a-z0-9-]+)\/([a-z0-9-]+)@([0-9.]+)$/.exec(name);
  if (match === null) return name.startsWith('wasi:') ? 'it has no version' : undefined;
  const [, group = '', inner = '', version = ''] = match;
  if (group === 'sockets' && !grant.sockets) {
    return 'a cell has no network but the addresses in grants.sockets; what it wants sent goes into its outbox';
  }
  if (group === 'http') return 'a cell has no network; what it wants sent goes into its outbox';
  const served = Object.hasOwn(SERVED, group) && SERVED[group]?.includes(inner);
  return served === true && /^0\.2\.[0-9]+$/.test(version)
    ? undefined
    : 'this host serves parts of wasi:cli, io, filesystem, clocks, random and sockets 0.2, nothing else';
}

/** An address that a cell may exchange datagrams with: an IP literal and a port, never a name that a resolver could turn elsewhere. */
export function isSocketAddress(text: string): boolean {
  const match = /^udp:\/\/(?:([0-9]{1,3}(?:\.[0-9]{1,3}){3})|\[([0-9a-f:]{2,39})\]):([1-9][0-9]{0,4})$/.exec(text);
  if (match === null || Number(match[3]) > 65_535) return false;
  const four = match[1]?.split('.');
  return four === undefined
    ? URL.canParse(`http://[${match[2]}]`)
    : four.every((part) => Number(part) <= 255 && String(Number(part)) === part);
}
