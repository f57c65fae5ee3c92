/** The office and the kiosk edit one catalogue, so both faces must take and refuse the same. */
import { z } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import * as gateway from '../../main/api/schemas.ts';
import * as centre from './catalogue.ts';

test('the bodies are those of the gateway, to the last rule', () => {
  for (const [own, other] of [
    [centre.CatalogueEdit, gateway.CatalogueEdit],
    [centre.CatalogueBody, gateway.Catalogue],
  ] as const) {
    expect(z.toJSONSchema(own)).toEqual(z.toJSONSchema(other));
  }
});

test('text that a printer would obey is refused', () => {
  const rice = { id: 'rice', name: { en: 'Rice\u001b@', ne: 'चामल' } };
  expect(centre.CatalogueEdit.safeParse({ items: [rice] }).success).toBe(false);
  expect(centre.CatalogueEdit.safeParse({ items: [{ ...rice, name: { en: 'Rice', ne: 'चामल' } }] }).success).toBe(true);
});
