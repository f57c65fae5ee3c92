/** Keeps documents and settings: what merges or is set, never money (I11). */
import { ok } from '../../ledger-sync/ledger/result.ts';
import type { Papers } from './book.ts';
import type { Commands } from './commands.ts';

export function saveDocument(papers: Papers, request: Commands['save-document']['in']): Commands['save-document']['out'] {
  papers.saveDocument(request.name, request.bytes, request.acknowledged, request.at);
  return ok({ name: request.name });
}

export function saveSetting(papers: Papers, request: Commands['save-setting']['in']): Commands['save-setting']['out'] {
  papers.saveSetting(request.key, request.value);
  return ok({ key: request.key });
}
