/** The catalogue as the office sees and edits it; the same bodies as at the gateway (a test holds them together). */
import { z } from '@hono/zod-openapi';

const text = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of plain text, without control characters');
const name = z.strictObject({ en: text(60), ne: text(60) });
const id = z.string().regex(/^[a-z0-9-]{1,40}$/);

export const CatalogueItem = z
  .object({
    id,
    name,
    unit: name,
    price: z.string().regex(/^[1-9][0-9]{0,18}$/, 'more than zero, in whole minor units as text, such as "12500" for 125.00'),
    category: text(24),
    icon: text(24),
    hidden: z.boolean().optional(),
  })
  .openapi('CatalogueItem');
export const CatalogueBody = z.object({ items: z.array(CatalogueItem), asOf: z.iso.datetime() }).openapi('Catalogue');
export const CatalogueEdit = z
  .strictObject({
    items: z
      .array(CatalogueItem.partial().required({ id: true }).strict())
      .max(200)
      .optional(),
    remove: z.array(id).max(200).optional(),
  })
  .openapi('CatalogueEdit');

export type CatalogueItemBody = z.infer<typeof CatalogueItem>;
export type CatalogueEditBody = z.infer<typeof CatalogueEdit>;
export type Catalogue = { readonly items: readonly CatalogueItemBody[]; readonly asOf: number };
