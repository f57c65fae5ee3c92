/** A writer whose payments are counted and timed. */

import type { Clock } from '../../platform/clock.ts';
import type { Writer } from '../../store/writer.ts';
import type { CommandName, Commands } from '../commands.ts';
import type { GatewayMetrics } from './metrics.ts';

export function measured(writer: Writer, metrics: GatewayMetrics, clock: Clock): Writer {
  const count = (method: string, out: Commands['take-payment']['out']): void => {
    if (!out.ok) {
      metrics.payments.inc({ method, outcome: out.error.code });
      return;
    }
    if (out.value.repeated) metrics.repeated.inc();
    else metrics.payments.inc({ method, outcome: out.value.status });
  };
  return {
    get methods() {
      return writer.methods;
    },
    onCommitted: (listener) => writer.onCommitted(listener),
    state: () => writer.state(),
    stop: () => writer.stop(),
    async execute<C extends CommandName>(command: C, input: Commands[C]['in']): Promise<Commands[C]['out']> {
      if (command !== 'take-payment') return writer.execute(command, input);
      const startedAt = clock.monotonic();
      const out = await writer.execute(command, input);
      metrics.paymentSeconds.observe((clock.monotonic() - startedAt) / 1_000);
      const { method } = input as Commands['take-payment']['in'];
      // A method that no cell has would be a label of the caller's choosing.
      const known = writer.methods.some((row) => row.method === method);
      count(known ? method : 'unknown', out as Commands['take-payment']['out']);
      return out;
    },
  };
}
