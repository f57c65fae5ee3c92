/** `chautari export`: head office's ledger for other programs. */
import { defineCommand } from 'citty';
import { refuseUnknown } from '../../main/platform/arguments.ts';
import { runExport } from './export.ts';

const args = {
  data: {
    type: 'string',
    required: true,
    valueHint: 'DIR',
    description: 'Head office’s data folder (a village’s is village-data/central)',
  },
  format: { type: 'string', required: true, valueHint: 'hledger|csv', description: 'What to write' },
  from: { type: 'string', valueHint: 'DATE', description: 'Entries from then on' },
  to: { type: 'string', valueHint: 'DATE', description: 'Entries before then' },
  account: { type: 'string', valueHint: 'ID', description: 'Only entries with this account' },
  gateway: { type: 'string', valueHint: 'ID', description: 'Only this gateway’s journal' },
  out: { type: 'string', valueHint: 'FILE', description: 'Write there instead of stdout' },
} as const;

export const exportCommand = defineCommand({
  meta: { name: 'export', description: 'Write head office’s ledger for other programs' },
  args,
  run: async ({ args: given }) => {
    refuseUnknown(given, args);
    const { data, format, from, to, account, gateway, out } = given;
    await runExport({ data, format, from, to, account, gateway, out });
  },
});
