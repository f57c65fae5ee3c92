/** An author of cells for tests: signs copies of the shipped cells under other versions and lays them into a box's folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, layCell, trustAuthor } from '../../../cells/sdk/build-cells.ts';
import { must } from '../../../ledger-sync/ledger/result.ts';
import { generateKey, signerFromPem } from '../../../ledger-sync/protocol/ed25519.ts';
import type { Signer } from '../../../ledger-sync/protocol/signing.ts';
import { readCellFile, signCell } from '../../../main/cell-host/cell-file.ts';
import type { CellManifest } from '../../../main/cell-host/manifest.ts';

export class TestAuthor {
  readonly pem = generateKey();
  readonly signer: Signer = signerFromPem(this.pem);
  readonly key: string = Buffer.from(this.signer.publicKey).toString('hex');

  /** Makes a box that keeps its cells in `root` trust this author, and no other. */
  trustIn(root: string): void {
    trustAuthor(root, 'test', this.signer);
  }

  /** A shipped cell with another manifest. */
  async cell(name: string, changes: Partial<CellManifest>): Promise<{ readonly manifest: CellManifest; readonly component: Uint8Array }> {
    const { manifest, component } = must(readCellFile(readFileSync(join(await ensureBuilt(), name, '0.1.0/cell.wasm'))), name);
    return { manifest: { ...manifest, ...changes } as CellManifest, component };
  }

  /** The signed file of a shipped cell with another manifest. */
  async file(name: string, changes: Partial<CellManifest>): Promise<Uint8Array> {
    const { manifest, component } = await this.cell(name, changes);
    return must(signCell(component, manifest, this.signer), name);
  }

  /** Lays a shipped cell with another manifest into `root`. */
  async lay(root: string, name: string, changes: Partial<CellManifest>): Promise<void> {
    const { manifest, component } = await this.cell(name, changes);
    await layCell(root, manifest, component, this.signer);
  }
}
