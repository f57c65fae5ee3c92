/** Every limit of the sensors' room, and what happens at it. Those of a cell's own calls stand in main/cell-host/limits.ts. */
export const SENSOR_LIMITS = {
  /** Bytes of a datagram in and out; a longer one is dropped and counted. */
  datagramBytesMax: 512,
  deviceIdCharsMax: 64,
  kindCharsMax: 64,
  /** Of an anomaly and of a command; more is a bad answer of the cell. */
  wordCharsMax: 64,
  /** Of the text of a refusal; more is cut. */
  detailBytesMax: 200,
  /** Readings that wait in the main thread and in the sensors' own queue; beyond it HTTP is told `busy`, a datagram is dropped and counted. */
  queueMax: 1024,
  /** Readings of one transaction. */
  groupMax: 64,
  /** Readings of one HTTP request. */
  readingsMax: 200,
  /** Devices of the box, over all cells; a further one is refused. */
  devicesMax: 4096,
  /** Keys of one partition; the request that adds one more fails. */
  keysMax: 256,
  /** Request ids of a device that are known with their answers; an older one is refused, so nothing is counted twice. */
  windowMax: 256,
  /** Rows of the outbox; the oldest goes. */
  outboxRowsMax: 10_000,
  /** Rows of the log of decisions; the oldest goes. */
  decisionRowsMax: 10_000,
  /** Both are cut back once in so many new rows. */
  pruneEvery: 256,
  /** Devices that one turn of the reconciliation takes. */
  reconcileMax: 256,
  /** Datagrams a second and at once: of one address, and of all. What is beyond is dropped unread. */
  sourceRate: { perSecond: 1_000, burst: 1_000 },
  totalRate: { perSecond: 4_000, burst: 4_000 },
  /** Addresses whose rate is known; while all of them are busy, a new one is dropped. */
  sourcesMax: 1024,
  /** Device keys that are kept ready. */
  keyCacheMax: 4096,
} as const;
