/** The OpenAPI document in the parts that clients and generators rely on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBox } from '../../test/support/api/test-box.ts';

type Members = { readonly [name: string]: unknown };
type Operation = {
  readonly summary?: string;
  readonly security?: readonly Members[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: Members }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Members };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Members }>>;
};
type Document = {
  readonly openapi: string;
  readonly info: Members;
  readonly security: readonly Members[];
  readonly components: { readonly schemas: Record<string, Members>; readonly securitySchemes: Record<string, Members> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

let box: TestBox;
let document: Document;
beforeAll(async () => {
  box = await TestBox.open();
  document = (await box.ask('GET', '/openapi.json')).body as Document;
});
afterAll(() => box.close());

const operations = (): [string, string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method, path, operation] as [string, string, Operation]),
  );

/** Every object within, with where it stands. */
function* objectsIn(value: unknown, at = '#'): Generator<[string, Members]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Members];
  for (const [name, member] of Object.entries(value)) yield* objectsIn(member, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function resolve(reference: string): unknown {
  let found: unknown = document;
  for (const part of reference.split('/').slice(1))
    found = (found as Members | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return found;
}

describe('the OpenAPI document', () => {
  it('is of 3.1, with a title and the version of this release', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Chautari gateway', version: expect.stringMatching(/^[0-9]+\.[0-9]+\.[0-9]+/) });
  });

  it('has every schema that it refers to, and refers to every one that it has', () => {
    const references = [...objectsIn(document)].flatMap(([at, object]) => (typeof object.$ref === 'string' ? [[at, object.$ref]] : []));
    expect(references.length).toBeGreaterThan(20);
    for (const [at, reference] of references) expect(resolve(reference as string), `${at} → ${reference}`).toBeTypeOf('object');
    const used = new Set(references.map(([, reference]) => reference));
    expect(Object.keys(document.components.schemas).filter((name) => !used.has(`#/components/schemas/${name}`))).toEqual([]);
  });

  it('says of each route who may ask, what comes in and what goes out', () => {
    expect(operations().length).toBeGreaterThan(18);
    const schemes = Object.keys(document.components.securitySchemes);
    expect(document.security.flatMap((row) => Object.keys(row)).sort()).toEqual(schemes.sort());
    for (const [method, path, operation] of operations()) {
      const where = `${method} ${path}`;
      expect(operation.summary, where).toBeTypeOf('string');
      for (const row of operation.security ?? []) for (const name of Object.keys(row)) expect(schemes, where).toContain(name);
      const good = Object.keys(operation.responses).filter((status) => /^2[0-9]{2}$/.test(status));
      expect(good.length, where).toBeGreaterThan(0);
      expect(operation.responses.default?.content, where).toMatchObject({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
      for (const { description } of Object.values(operation.responses)) expect(description.length, where).toBeGreaterThan(2);
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(
        declared.map(({ name }) => name),
        where,
      ).toEqual(inPath);
      expect(
        declared.every(({ required }) => required === true),
        where,
      ).toBe(true);
      if (operation.requestBody !== undefined) {
        expect(operation.requestBody.required, where).toBe(true);
        expect(operation.requestBody.content, where).toHaveProperty(['application/json', 'schema']);
      }
    }
  });

  it('names each operation once and speaks JSON Schema of its version', () => {
    for (const [at, object] of objectsIn(document)) {
      if (!at.includes('/schema')) continue;
      expect(object, at).not.toHaveProperty('nullable');
      if (typeof object.exclusiveMinimum !== 'undefined') expect(object.exclusiveMinimum, at).toBeTypeOf('number');
      if (Array.isArray(object.required)) {
        for (const name of object.required) expect(object.properties, `${at} requires ${name}`).toHaveProperty([String(name)]);
      }
    }
    const ids = operations().flatMap(([, , { operationId }]: [string, string, Operation & { operationId?: string }]) => operationId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refuses unknown members where the requests do', () => {
    for (const name of [
      'PaymentRequest',
      'ReversalRequest',
      'OpenAccountRequest',
      'SessionRequest',
      'EnrolmentRequest',
      'LinkSwitch',
      'CatalogueEdit',
    ]) {
      expect(document.components.schemas[name], name).toMatchObject({ type: 'object', additionalProperties: false });
    }
  });

  it('lists all that is served under /v1, the service routes too', () => {
    const served = new Set(
      box.app.routes.filter(({ path, method }) => method !== 'ALL' && !path.includes('*')).map(({ method, path }) => `${method} ${path}`),
    );
    for (const page of ['/', '/kiosk', '/field', '/openapi.json']) served.delete(`GET ${page}`);
    const listed = operations().map(([method, path]) => `${method.toUpperCase()} ${path.replaceAll(/\{([A-Za-z]+)\}/g, ':$1')}`);
    expect(listed.toSorted()).toEqual([...served].toSorted());
  });
});
