/** The catalogue as the office sees and edits it; the same bodies as at the gateway. */
import { z } from '@hono/zod-openapi';

const name = z.strictObject({ en: z.string().max(60), ne: z.string().max(60) });
const id = z.string().regex(/^[a-z0-9-]{1,40}$/);

export const CatalogueItem = z
  .object({
    id,
    name,
    unit: name,
    price: z.string().regex(/^[1-9][0-9]{0,18}$/, 'more than zero, in whole minor units as text, such as "12500" for 125.00'),
    category: z.string().max(24),
    icon: z.string().max(24),
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
