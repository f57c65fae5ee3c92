/** Every step, in order. The last one's number is what this release writes and can read. */
import { journal } from './001-journal.ts';
import { effects } from './002-effects.ts';
import { sessions } from './003-sessions.ts';
import { cells } from './004-cells.ts';
import { documents } from './005-documents.ts';
import { cellSwitch } from './006-cell-switch.ts';
import { trace } from './007-trace.ts';
import { lease } from './008-lease.ts';
import { statement } from './009-statement.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [journal, effects, sessions, cells, documents, cellSwitch, trace, lease, statement];
export const SCHEMA_VERSION: number = migrations.length;
