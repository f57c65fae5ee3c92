/** `chautari cell ...`: everything an author and a box's keeper do with cells. Each subcommand loads its part only when it is asked for. */
import { type CommandDef, defineCommand } from 'citty';

export const cellCommand = defineCommand({
  meta: { name: 'cell', description: 'Payment methods as WebAssembly: make, try, build, sign, install, compare' },
  subCommands: {
    new: async () => (await import('./new-command.ts')).newCommand as CommandDef,
    matrix: async () => (await import('./matrix-command.ts')).matrixCommand as CommandDef,
    try: async () => (await import('./try-command.ts')).tryCommand as CommandDef,
    build: async () => (await import('./author-commands.ts')).buildCommand as CommandDef,
    inspect: async () => (await import('./author-commands.ts')).inspectCommand as CommandDef,
    sign: async () => (await import('./author-commands.ts')).signCommand as CommandDef,
    key: async () => (await import('./author-commands.ts')).keyCommand as CommandDef,
    verify: async () => (await import('./box-commands.ts')).verifyCellCommand as CommandDef,
    trust: async () => (await import('./box-commands.ts')).trustCommand as CommandDef,
    install: async () => (await import('./box-commands.ts')).installCommand as CommandDef,
    list: async () => (await import('./box-commands.ts')).listCommand as CommandDef,
    use: async () => (await import('./box-commands.ts')).useCommand as CommandDef,
    rollback: async () => (await import('./box-commands.ts')).rollbackCommand as CommandDef,
    replay: async () => (await import('./replay-command.ts')).cellReplayCommand as CommandDef,
  },
});
