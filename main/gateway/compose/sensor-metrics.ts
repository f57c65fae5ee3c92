/** What the sensors measure, for Prometheus: read when somebody asks, so a box without sensors pays nothing. */
import { Gauge, type Registry } from 'prom-client';
import type { SensorLanes } from '../../sensors/sensor-lanes.ts';

export function measureSensors(registry: Registry, lanes: SensorLanes): void {
  const registers = [registry];
  new Gauge({
    name: 'chautari_sensor_datagrams',
    help: 'Datagrams of sensors since their thread was started: received, replied, and dropped by reason',
    labelNames: ['outcome'],
    registers,
    async collect() {
      const counts = await lanes.counts();
      if (counts === undefined) return;
      this.set({ outcome: 'received' }, counts.received);
      this.set({ outcome: 'replied' }, counts.replied);
      for (const [reason, count] of Object.entries(counts.dropped)) this.set({ outcome: `dropped-${reason}` }, count);
    },
  });
  new Gauge({
    name: 'chautari_sensor_commit_seconds',
    help: 'From a datagram’s arrival in its thread to its commit, over the last 8,192',
    labelNames: ['quantile'],
    registers,
    async collect() {
      const commits = (await lanes.counts())?.commits;
      if (commits === undefined) return;
      this.set({ quantile: '0.5' }, commits.p50Ms / 1_000);
      this.set({ quantile: '0.99' }, commits.p99Ms / 1_000);
      this.set({ quantile: '0.999' }, commits.p999Ms / 1_000);
    },
  });
  new Gauge({
    name: 'chautari_sensor_outbox_rows',
    help: 'Rows of telemetry that wait for head office',
    registers,
    async collect() {
      this.set((await lanes.counts())?.outboxRows ?? 0);
    },
  });
  new Gauge({
    name: 'chautari_sensor_restarts',
    help: 'How often a thread of the sensors was started again',
    labelNames: ['lane'],
    registers,
    collect() {
      const { fast, slow } = lanes.state();
      this.set({ lane: 'fast' }, fast.restarts);
      this.set({ lane: 'slow' }, slow.restarts);
    },
  });
}
