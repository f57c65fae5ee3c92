/** Small pieces that every route uses. */
import { z } from '@hono/zod-openapi';

/** A JSON body of a schema, as request or answer. */
export const json = <S extends z.ZodType>(schema: S) => ({ content: { 'application/json': { schema } }, required: true as const });

/** How many rows a page has: a default and a most. */
export const pageLimit = (standard: number, most: number) => z.coerce.number().int().min(1).max(most).default(standard);
