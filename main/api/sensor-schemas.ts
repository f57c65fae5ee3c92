/** The HTTP bodies of sensors: readings in, totals and decisions out. Numbers of 64 bits are decimal strings; small ones may be numbers. */
import { z } from '@hono/zod-openapi';

const READINGS_MAX = 200;
const deviceId = z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/, '1 to 64 letters, digits or . _ : -');
const cell = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'the name of a cell, such as "telemetry"');
const unsigned = z.union([
  z.int().min(0),
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,19})$/, 'a whole number from 0, as text or number')
    .refine((text) => BigInt(text) < 2n ** 64n, 'at most 18446744073709551615'),
]);
const signed = z.union([
  z.int(),
  z
    .string()
    .regex(/^(0|-?[1-9][0-9]{0,18})$/, 'a whole number, as text or number')
    .refine((text) => BigInt.asIntN(64, BigInt(text)) === BigInt(text), 'at most 64 bits with sign'),
]);
/** The device's own number of the reading, from 1, rising: with it a repetition gets the first answer. */
const request = z.int().min(1);

const Metric = z.strictObject({ deviceId, metric: unsigned, request: request.optional(), cell: cell.optional() });
export const TelemetryRequest = z
  .union([Metric, z.strictObject({ readings: z.array(Metric).min(1).max(READINGS_MAX) })])
  .openapi('TelemetryRequest');
export const ReadingRequest = z
  .strictObject({
    deviceId,
    /** What was measured; `set.` begins those that set a device's rules (right `admin`). */
    kind: z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/, 'lower-case words, digits, dots and hyphens'),
    value: signed,
    /** When it was taken; now where it is left out. */
    at: z.iso.datetime().optional(),
    request: request.optional(),
    cell: cell.optional(),
  })
  .openapi('ReadingRequest');

const total = z.string();
const ReadingFault = z.object({ code: z.string(), detail: z.string() });
export const Decision = z.object({ anomaly: z.string().optional(), command: z.string(), argument: z.string() }).openapi('Decision');
export const Telemetry = z
  .object({
    /** In the order of the request; each has its total, or the error that kept it from being counted. */
    readings: z.array(z.object({ deviceId: z.string(), total: total.optional(), error: ReadingFault.optional() })),
  })
  .openapi('Telemetry');
export const Decided = z.object({ deviceId: z.string(), decision: Decision }).openapi('Decided');
export const Device = z
  .object({
    deviceId: z.string(),
    cells: z.array(
      z.object({
        cell: z.string(),
        readings: z.int(),
        /** The highest number that the device gave a reading. */
        highest: z.int(),
        at: z.iso.datetime(),
        total: total.optional(),
        decision: Decision.optional(),
        refused: z.string().optional(),
        /** Rows that wait for head office. */
        outbox: z.int(),
      }),
    ),
  })
  .openapi('Device');
const Lane = z.object({
  state: z.enum(['asleep', 'starting', 'serving', 'down', 'stopping']),
  inFlight: z.int(),
  restarts: z.int(),
  /** Where datagrams are taken. */
  udp: z.object({ host: z.string(), port: z.int() }).optional(),
  trouble: z.string().optional(),
  /** Cells that hung too often and are not run. */
  stopped: z.array(z.string()),
});
export const SensorsStatus = z
  .object({ fast: Lane, slow: Lane, cells: z.array(z.object({ name: z.string(), version: z.string(), world: z.string() })) })
  .openapi('SensorsStatus');

export type TelemetryRequestBody = z.infer<typeof TelemetryRequest>;
export type SensorsStatusBody = z.infer<typeof SensorsStatus>;
