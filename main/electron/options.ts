/**
 * What the shell was asked to do, from its arguments and environment. Only the form `--name=value` is read: Chromium's own switches
 * share the command line and pass by. An argument wins over its variable.
 */
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { isTrustedOrigin, originOf } from './policy.ts';

export type ShellOptions = {
  /** A kiosk page that somebody else serves; undefined: the shell starts a gateway of its own. */
  readonly kioskUrl: string | undefined;
  readonly isWindowed: boolean;
  /** The gateway's data folder; undefined: under the shell's own. */
  readonly dataFolder: string | undefined;
  /** Where the gateway listens. The port is fixed because the page's storage, with its unanswered payments, belongs to its origin. */
  readonly http: string;
  /** The gateway's own arguments that pass through, as they are. */
  readonly gatewayArguments: readonly string[];
};

const passedOn = ['mqtt', 'currency', 'printer', 'receipt-language'] as const;

export const parseOptions = (args: readonly string[], env: Readonly<Record<string, string | undefined>>): Result<ShellOptions, string> => {
  const settingOf = (name: string): string | undefined => {
    const found = args.findLast((argument) => argument.startsWith(`--${name}=`));
    const value = found?.slice(name.length + 3) ?? env[`CHAUTARI_${name.replaceAll('-', '_').toUpperCase()}`];
    return value === '' ? undefined : value;
  };
  const kioskUrl = settingOf('kiosk-url');
  if (kioskUrl !== undefined) {
    const origin = originOf(kioskUrl);
    if (origin === undefined) return err(`--kiosk-url: "${kioskUrl}" is no address`);
    if (!isTrustedOrigin(origin)) return err(`--kiosk-url: ${origin} is neither on this machine nor https`);
  }
  const http = settingOf('http') ?? '127.0.0.1:7070';
  if (!/^[\w.:[\]-]+:\d{1,5}$/.test(http)) return err(`--http: "${http}" is not HOST:PORT`);
  return ok({
    kioskUrl,
    isWindowed: args.includes('--windowed'),
    dataFolder: settingOf('data'),
    http,
    gatewayArguments: passedOn.flatMap((name) => {
      const value = settingOf(name);
      return value === undefined ? [] : [`--${name}`, value];
    }),
  });
};
