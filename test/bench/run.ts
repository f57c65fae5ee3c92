/**
 * `npm run bench [-- NAME ...] [--json FILE]`: each figure beside its floor or rival from the same run. A name selects by prefix:
 * `wire` runs wire.100 and wire.1000. Machines are shared and noisy: medians and ratios, and never a timed assertion in a test.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Figure } from './figure.ts';

type Bench = { readonly names: readonly string[]; readonly run: () => Promise<readonly Figure[]> };

const benches: readonly Bench[] = [
  { names: ['wire.100', 'wire.1000'], run: async () => (await import('./wire.ts')).wireFigures() },
  { names: ['cell.cold', 'cell.call', 'cell.memory'], run: async () => (await import('./cell.ts')).cellFigures() },
  { names: ['cell.many'], run: async () => (await import('./many-cells.ts')).manyCellsFigures() },
  { names: ['cell.process'], run: async () => (await import('./namespace.ts')).namespaceFigures() },
  { names: ['payment.cycle', 'ledger.rate'], run: async () => (await import('./ledger.ts')).ledgerFigures() },
  { names: ['ingest.sqlite'], run: async () => (await import('./ingest.ts')).ingestFigures() },
  { names: ['gateway.start', 'gateway.rss'], run: async () => (await import('./process.ts')).processFigures() },
  { names: ['http.rate', 'read.account'], run: async () => (await import('./http.ts')).httpFigures() },
  { names: ['telemetry.reply', 'telemetry.commit'], run: async () => (await import('./telemetry.ts')).telemetryFigures() },
  { names: ['telemetry.sockets'], run: async () => (await import('./telemetry-sockets.ts')).telemetrySocketFigures() },
  { names: ['article'], run: async () => (await import('./article.ts')).articleFigures() },
  {
    names: ['cell.metering.decide', 'cell.metering.sieve', 'cell.metering.fib'],
    run: async () => (await import('./metering.ts')).meteringFigures(),
  },
  { names: ['kiosk.weight'], run: async () => (await import('./weight.ts')).weightFigures() },
];

const HEAD = ['figure', 'value', 'unit', 'beside', 'ratio', 'hold', 'holds'];

function cells(figure: Figure): string[] {
  const { name, value, unit, rival, rivalValue, ratio, hold, holds } = figure;
  const beside = rivalValue === undefined ? rival : `${number(rivalValue)} ${rival}`;
  return [
    name,
    number(value),
    unit,
    beside,
    ratio === undefined ? '' : number(ratio),
    hold,
    holds === undefined ? 'printed' : holds ? 'holds' : 'NO',
  ];
}

function number(value: number): string {
  if (value >= 10_000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_head, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const broken: string[] = [];

/** One that breaks costs its own figures, not the minutes of the others. */
async function measured(bench: Bench): Promise<readonly Figure[]> {
  try {
    return await bench.run();
  } catch (error) {
    broken.push(`${bench.names.join(', ')}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return [];
  }
}

async function main(args: string[]): Promise<void> {
  const jsonAt = args.indexOf('--json');
  const jsonPath = jsonAt === -1 ? undefined : args[jsonAt + 1];
  const asked = jsonAt === -1 ? args : args.filter((_argument, index) => index !== jsonAt && index !== jsonAt + 1);
  const wants = (name: string): boolean => asked.length === 0 || asked.some((word) => name === word || name.startsWith(`${word}.`));
  const unknown = asked.find((word) => !benches.some((bench) => bench.names.some((name) => name === word || name.startsWith(`${word}.`))));
  if (unknown !== undefined) {
    process.stderr.write(`bench: there is no figure "${unknown}"; there are ${benches.flatMap((bench) => bench.names).join(', ')}\n`);
    process.exit(2);
  }
  process.stdout.write(
    `Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model ?? '?'}), ${Math.round(totalmem() / 2 ** 30)} GiB\n\n`,
  );
  const figures: Figure[] = [];
  for (const bench of benches.filter(({ names }) => names.some(wants))) {
    process.stderr.write(`bench: ${bench.names.filter(wants).join(', ')} ...\n`);
    figures.push(
      ...(await measured(bench)).filter(
        (figure) => asked.length === 0 || wants(figure.name) || bench.names.every((name) => !figure.name.startsWith(name)),
      ),
    );
  }
  process.stdout.write(`${table([HEAD, ...figures.map(cells)])}\n`);
  const notes = figures.filter((figure) => figure.note !== undefined);
  if (notes.length > 0) process.stdout.write(`\n${notes.map((figure) => `${figure.name}: ${figure.note}`).join('\n')}\n`);
  if (jsonPath !== undefined) writeFileSync(jsonPath, `${JSON.stringify(figures, null, 2)}\n`);
  const missed = figures.filter((figure) => figure.holds === false);
  if (missed.length > 0) process.stdout.write(`\n${missed.length} figure(s) not held: ${missed.map((figure) => figure.name).join(', ')}\n`);
  for (const line of broken) process.stderr.write(`bench: could not be measured: ${line}\n`);
  process.exit(missed.length + broken.length > 0 ? 1 : 0);
}

// An interrupted run removes its folders as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

await main(process.argv.slice(2));
