/** Every limit at the border between the host and a cell. Breaking one fails the request alone. */
export const LIMITS = {
  stateKeyBytesMax: 128,
  stateValueBytesMax: 4096,
  stateWritesMax: 64,
  outboxItemsMax: 16,
  outboxPayloadBytesMax: 1024,
  postingsMax: 32,
  receiptLinesMax: 32,
  receiptLineCharsMax: 256,
  declineTextCharsMax: 256,
  /** Of a payment's short texts: id, action, account, counterparty, refers-to, operator. */
  textCharsMax: 64,
  fieldsMax: 48,
  fieldValueCharsMax: 256,
  /** Of a request of a cell that was granted sockets. */
  socketsMax: 4,
  socketDatagramsMax: 64,
  socketDatagramBytesMax: 1_200,
  /** How long such a request may wait for its network in all. */
  socketWaitMsMax: 500,
  /** What a cell may write to stdout and stderr together in a request, before it fails. */
  wasiOutputBytesMax: 64 * 1024,
  /** What a cell may draw from its granted randomness in a request, before it fails. */
  wasiRandomBytesMax: 64 * 1024,
  /** What one call may wait for. */
  wasiPollablesMax: 64,
  manifestBytesMax: 16 * 1024,
  componentBytesMax: 32 * 1024 * 1024,
  memoryPagesMax: 256,
  /** Of a cell of the class slow: core instances, each with counters of its own, and memories, each as large as the budget says. */
  instancesMax: 32,
  memoriesMax: 4,
  cellsMax: 8_192,
  /** Compiled at the start; the others at their first use. */
  cellsReadyMax: 64,
  /** Of one cell, installed side by side; of older ones those that are neither in use nor the previous one go first. */
  versionsMax: 8,
} as const;
