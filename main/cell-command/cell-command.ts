/** `chautari cell ...`: everything an author and a box's keeper do with cells. Each subcommand loads its part only when it is asked for. */
import { type CommandDef, defineCommand } from 'citty';

export const cellCommand = defineCommand({
  meta: { name: 'cell', description: 'Payment methods as WebAssembly: make, try, build, sign, install, compare' },
  subCommands: {
    new: async () => (await import('./new-command.ts')).newCommand as CommandDef,
    try: async () => (await import('./try-command.ts')).tryCommand as CommandDef,
    replay: async () => (await import('./replay-command.ts')).cellReplayCommand as CommandDef,
  },
});
