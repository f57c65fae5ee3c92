/**
 * The `chautari` command line. Each subcommand loads its room only when it is asked for, so that a gateway does not pay for the others.
 * Exit codes: 0 done or stopped as asked, 1 a fault that it names, 2 wrong use, 3 the data needs a person.
 */
import { stripVTControlCharacters } from 'node:util';
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty';
import { ExitFault } from './platform/exit.ts';

const MAJOR = Number(process.versions.node.split('.')[0]);

const commands: Readonly<Record<string, () => Promise<CommandDef>>> = {
  village: async () => (await import('./village/village-command.ts')).villageCommand as CommandDef,
  gateway: async () => (await import('./gateway/compose/gateway-command.ts')).gatewayCommand as CommandDef,
  central: async () => (await import('../ledger-sync/central/central-command.ts')).centralCommand as CommandDef,
  broker: async () => (await import('./village/broker-command.ts')).brokerCommand as CommandDef,
  replay: async () => (await import('./village/replay/replay-command.ts')).replayCommand as CommandDef,
  export: async () => (await import('../ledger-sync/central/export-command.ts')).exportCommand as CommandDef,
  verify: async () => (await import('./gateway/compose/verify-command.ts')).verifyCommand as CommandDef,
  cell: async () => (await import('./cell-command/cell-command.ts')).cellCommand as CommandDef,
  payment: async () => (await import('./cell-command/payment-command.ts')).paymentCommand as CommandDef,
  sensor: async () => (await import('./gateway/compose/sensor-command.ts')).sensorCommand as CommandDef,
  token: async () => (await import('./gateway/compose/token-command.ts')).tokenCommand as CommandDef,
};

const main = defineCommand({
  meta: { name: 'chautari', description: 'A payment gateway for kiosks on satellite links. `chautari COMMAND --help` says more.' },
  subCommands: commands,
});

/** Colours are for a terminal; a file or a pager gets plain words. */
function show(usage: string, output: NodeJS.WriteStream): void {
  output.write(`${output.isTTY ? usage : stripVTControlCharacters(usage)}\n`);
}

/** The command within a group that a word names. */
async function subCommandOf(group: CommandDef, name = ''): Promise<CommandDef | undefined> {
  const inner = typeof group.subCommands === 'function' ? await group.subCommands() : await group.subCommands;
  if (inner === undefined || !Object.hasOwn(inner, name)) return undefined;
  const found = inner[name];
  return typeof found === 'function' ? found() : found;
}

export async function runCommandLine(args: string[]): Promise<void> {
  if (MAJOR < 24)
    throw new ExitFault(2, `Node ${process.versions.node} is too old; run \`npm start\` or \`npx chautari\`, which bring Node 24`);
  const [name = ''] = args;
  const load = commands[name];
  const help = args.includes('--help') || args.includes('-h');
  if (load === undefined) {
    const usage = await renderUsage(main);
    if (name === '--help' || name === '-h' || name === 'help') {
      show(usage, process.stdout);
      return;
    }
    show(usage, process.stderr);
    throw new ExitFault(2, name === '' ? 'name a command' : `there is no command "${name}"`);
  }
  const command = await load();
  if (help) {
    const inner = await subCommandOf(command, args[1]);
    const group = { ...command, meta: { name: `chautari ${name}` } };
    show(inner === undefined ? await renderUsage(command, main) : await renderUsage(inner, group), process.stdout);
    return;
  }
  if (command.subCommands !== undefined && (await subCommandOf(command, args[1])) === undefined) {
    show(await renderUsage(command, main), process.stderr);
    throw new ExitFault(2, args[1] === undefined ? `name a command of ${name}` : `there is no command "${name} ${args[1]}"`);
  }
  try {
    await runCommand(command, { rawArgs: args.slice(1) });
  } catch (fault) {
    // citty's own faults (a missing argument) are wrong use.
    if (fault instanceof Error && fault.name === 'CLIError') throw new ExitFault(2, fault.message);
    throw fault;
  }
}
