/**
 * What the page may do, as pure rules; kiosk-window.ts applies them. Everything that is not named here is denied: the page may talk to
 * the one origin that it came from, and that origin is this machine's own, or spoken to over TLS.
 */

/** For answers that carry no policy of their own. No inline script or style, nothing from elsewhere, never in a frame. */
export const strictPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

type Headers = Record<string, string[]>;

const policyName = 'content-security-policy';

export const withPolicy = (headers: Headers | undefined): Headers => {
  const given = headers ?? {};
  if (Object.keys(given).some((name) => name.toLowerCase() === policyName)) return given;
  return { ...given, 'Content-Security-Policy': [strictPolicy] };
};

export const originOf = (url: string): string | undefined => {
  if (!URL.canParse(url)) return undefined;
  const { origin } = new URL(url);
  return origin === 'null' ? undefined : origin;
};

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** An origin that a kiosk may be opened at: loopback, or https. */
export const isTrustedOrigin = (origin: string): boolean => {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname));
};

/** Whether the page may go to, or ask for, an address: its own origin, or the waiting page's own files. */
export const mayReach = (url: string, kioskOrigin: string | undefined, waitingFolder: string): boolean => {
  if (url.startsWith('data:') || url.startsWith('blob:')) return true;
  if (url.startsWith(waitingFolder) && !url.slice(waitingFolder.length).includes('/')) return true;
  return kioskOrigin !== undefined && originOf(url) === kioskOrigin;
};

/** As mayReach, but for where a window goes: never to made-up content. */
export const mayNavigate = (url: string, kioskOrigin: string | undefined, waitingFolder: string): boolean =>
  !url.startsWith('data:') && !url.startsWith('blob:') && mayReach(url, kioskOrigin, waitingFolder);
