/** `chautari verify --data DIR`: chain, sums, fold and floors of a gateway's journal; names the first fault. */
import { defineCommand } from 'citty';
import { refuseUnknown } from '../../platform/arguments.ts';
import { verifyFolder } from '../../store/verify-folder.ts';

const args = { data: { type: 'string', required: true, valueHint: 'DIR', description: 'The gateway’s data folder' } } as const;

export const verifyCommand = defineCommand({
  meta: { name: 'verify', description: 'Check a journal: chain, sums, fold, floors; exit 3 at the first fault' },
  args,
  run: ({ args: given }) => {
    refuseUnknown(given, args);
    process.exitCode = verifyFolder(
      given.data,
      (line) => process.stdout.write(`${line}\n`),
      (line) => process.stderr.write(`${line}\n`),
    );
  },
});
