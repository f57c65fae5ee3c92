/**
 * All that a page learns from the shell: that it is in one, which version, on which platform. No channel into the shell is exposed;
 * whatever a page wants done, it asks of the gateway over HTTP like everybody else.
 */
import { contextBridge } from 'electron';

export type ShellFacts = { readonly version: string; readonly platform: string };
export type ChautariInPage = { readonly shell: ShellFacts };

const prefix = '--chautari-version=';
const version = process.argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length) ?? '';

const exposed: ChautariInPage = Object.freeze({ shell: Object.freeze({ version, platform: process.platform }) });
contextBridge.exposeInMainWorld('chautari', exposed);
