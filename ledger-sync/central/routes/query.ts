/** Members of query strings that several routes share. */
import { z } from '@hono/zod-openapi';

export const limitOf = (most: number, usual: number) =>
  z.coerce
    .number()
    .int()
    .min(1)
    .max(most)
    .default(usual)
    .openapi({ description: `At most ${most}` });
export const sequence = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const gatewayName = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/);
export const accountName = z.string().regex(/^[a-z]+:[A-Za-z0-9._-]{1,48}$/, 'kind:name, such as "wallet:W-1042"');
/** A day means its beginning, in UTC. */
export const moment = z.union([z.iso.datetime(), z.iso.date()]);
export const momentMs = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
