/** What the bridge committee asks of each vehicle, in paisa. A porter with a load crosses free and needs no payment. */
export const tariff = new Map([
  ['motorbike', 2_000],
  ['jeep', 10_000],
  ['tractor', 15_000],
  ['truck', 30_000],
]);
