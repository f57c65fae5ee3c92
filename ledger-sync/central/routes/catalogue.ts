/** The catalogue that all gateways share, read and edited through the document desk. */
import { createRoute } from '@hono/zod-openapi';
import { problem } from '../../../main/platform/http/problem.ts';
import { type Catalogue, CatalogueBody, CatalogueEdit } from '../catalogue.ts';
import type { Office, OfficeApp } from '../office.ts';
import { instant } from '../views.ts';

const read = createRoute({
  method: 'get',
  path: '/v1/catalogue',
  summary: 'The catalogue',
  responses: { 200: { description: 'As it stands here', content: { 'application/json': { schema: CatalogueBody } } } },
});
const edit = createRoute({
  method: 'patch',
  path: '/v1/catalogue',
  summary: 'Change, add or remove items',
  request: { body: { required: true, content: { 'application/json': { schema: CatalogueEdit } } } },
  responses: { 200: { description: 'After the change', content: { 'application/json': { schema: CatalogueBody } } } },
});

const view = ({ items, asOf }: Catalogue) => ({ items: [...items], asOf: instant(asOf) });

export function catalogueRoutes(app: OfficeApp, office: Office): void {
  app.openapi(read, async (context) => context.json(view(await office.documents.catalogue()), 200));
  app.openapi(edit, async (context) => {
    const edited = await office.documents.edit(context.req.valid('json'), office.now());
    if (!edited.ok) {
      const status = edited.error.code === 'no-documents' ? 503 : 422;
      return problem(context, { status, code: edited.error.code, detail: edited.error.detail });
    }
    office.sendDocuments(edited.value.send);
    return context.json(view(edited.value.catalogue), 200);
  });
}
