/** Sensors over HTTP: telemetry, readings that a cell decides, and what is known of a device. Never in the way of money. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { assertNever } from '../../../ledger-sync/ledger/result.ts';
import { type ProblemInit, type ProblemStatus, problem } from '../../platform/http/problem.ts';
import type { Metric, SensorAnswer, SensorFault, SensorFaultCode, SensorOutcome } from '../../sensors/readings.ts';
import { type ApiEnv, allows, needScope, refuseScope } from '../authenticate.ts';
import type { GatewayFace, SensorFace } from '../face.ts';
import { Decided, Device, ReadingRequest, Telemetry, TelemetryRequest, type TelemetryRequestBody } from '../sensor-schemas.ts';
import { json } from './route.ts';

const STATUS: Readonly<Record<SensorFaultCode, ProblemStatus>> = {
  invalid: 422,
  'unknown-cell': 404,
  'not-allowed': 403,
  stale: 410,
  'id-conflict': 409,
  'cell-failed': 422,
  'cell-stopped': 503,
  'too-many-devices': 503,
  busy: 503,
  storage: 503,
  interrupted: 503,
  stopping: 503,
};
const PASSING: readonly SensorFaultCode[] = ['busy', 'storage', 'interrupted', 'stopping'];

/** Kinds that set a device's rules. */
const SETTING = 'set.';

const faultProblem = ({ code, detail }: SensorFault): ProblemInit => ({
  status: STATUS[code],
  code,
  detail,
  ...(PASSING.includes(code) ? { headers: { 'retry-after': '1' } } : {}),
});
const refusedProblem = (detail: string): ProblemInit => ({ status: 422, code: 'refused', detail });

type MetricBody = Exclude<TelemetryRequestBody, { readings: unknown }>;

const metricOf = ({ deviceId, metric, request, cell }: MetricBody): Metric => ({
  type: 'metric',
  deviceId,
  metric: BigInt(metric),
  ...(request === undefined ? {} : { request }),
  ...(cell === undefined ? {} : { cell }),
});

/** One line of the answer; a cell's own no is an error like any other here. */
function rowOf(deviceId: string, outcome: SensorOutcome) {
  if (!outcome.ok) return { deviceId, error: { ...outcome.error } };
  if (outcome.value.type === 'total') return { deviceId, total: outcome.value.total.toString() };
  const detail = outcome.value.type === 'refused' ? outcome.value.detail : 'the cell gave no total';
  return { deviceId, error: { code: 'refused', detail } };
}

const decisionOf = ({ anomaly, command, argument }: Extract<SensorAnswer, { type: 'decision' }>) => ({
  ...(anomaly === undefined ? {} : { anomaly }),
  command,
  argument: argument.toString(),
});

/** What was answered last, as a device's row tells it. */
function lastOf(last: SensorAnswer | undefined) {
  switch (last?.type) {
    case 'total':
      return { total: last.total.toString() };
    case 'decision':
      return { decision: decisionOf(last) };
    case 'refused':
      return { refused: last.detail };
    case 'standing':
    case undefined:
      return {};
    default:
      return assertNever(last);
  }
}

export function sensorRoutes(app: OpenAPIHono<ApiEnv>, face: GatewayFace): void {
  const sensors = (): SensorFace => face.sensors;

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/telemetry',
      summary: 'Add readings of devices: one, or up to 200. Each is counted or refused for itself.',
      middleware: needScope('sense'),
      request: { body: json(TelemetryRequest) },
      responses: { 200: { ...json(Telemetry), description: 'The devices’ totals, committed' } },
    }),
    async (context) => {
      const body = context.req.valid('json');
      const metrics = ('readings' in body ? body.readings : [body]).map(metricOf);
      const outcomes = await Promise.all(metrics.map((metric) => sensors().ask(metric)));
      const [only] = outcomes;
      if (!('readings' in body) && only !== undefined) {
        if (!only.ok) return problem(context, faultProblem(only.error));
        if (only.value.type === 'refused') return problem(context, refusedProblem(only.value.detail));
      }
      return context.json({ readings: outcomes.map((outcome, index) => rowOf(metrics[index]?.deviceId ?? '', outcome)) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/readings',
      summary: 'Have a reading decided. Kinds that begin with set. set a device’s rules and need the right admin.',
      middleware: needScope('sense'),
      request: { body: json(ReadingRequest) },
      responses: { 200: { ...json(Decided), description: 'What the device shall do, committed' } },
    }),
    async (context) => {
      const { deviceId, kind, value, at, request, cell } = context.req.valid('json');
      if (kind.startsWith(SETTING) && !allows(context.get('principal'), 'admin')) return refuseScope(context, 'admin');
      const outcome = await sensors().ask({
        type: 'reading',
        deviceId,
        kind,
        value: BigInt(value),
        at: at === undefined ? face.now() : Date.parse(at),
        ...(request === undefined ? {} : { request }),
        ...(cell === undefined ? {} : { cell }),
      });
      if (!outcome.ok) return problem(context, faultProblem(outcome.error));
      if (outcome.value.type === 'decision') return context.json({ deviceId, decision: decisionOf(outcome.value) }, 200);
      return problem(context, refusedProblem(outcome.value.type === 'refused' ? outcome.value.detail : 'the cell gave no decision'));
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/telemetry/{deviceId}',
      summary: 'What is known of a device, by cell.',
      middleware: needScope('read'),
      request: { params: z.object({ deviceId: z.string().max(64) }) },
      responses: { 200: { ...json(Device), description: 'Its last answers' } },
    }),
    async (context) => {
      const { deviceId } = context.req.valid('param');
      const reports = await sensors().device(deviceId);
      if (reports === undefined)
        return problem(context, { status: 503, code: 'storage', detail: 'The sensors’ thread does not answer now.' });
      if (reports.length === 0)
        return problem(context, { status: 404, code: 'unknown-device', detail: 'No reading of that device came here.' });
      const cells = reports.map(({ cell, readings, highest, at, outbox, last }) => ({
        cell,
        readings,
        highest,
        at: new Date(at).toISOString(),
        outbox,
        ...lastOf(last),
      }));
      return context.json({ deviceId, cells }, 200);
    },
  );
}
