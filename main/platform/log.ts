/** Structured log lines on stderr (stdout is for the ready line and for what a command was asked to print). */
import { destination, type Logger, pino } from 'pino';

export type Log = Logger;

/** Level from CHAUTARI_LOG (trace, debug, info, warn, error, silent), info by default. */
export function createLog(name: string): Log {
  const asked = process.env.CHAUTARI_LOG ?? 'info';
  const level = ['trace', 'debug', 'info', 'warn', 'error', 'silent'].includes(asked) ? asked : 'info';
  return pino(
    { name, level, base: { name, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ fd: 2, sync: true }),
  );
}
