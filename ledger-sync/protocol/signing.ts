/**
 * Who signs and how a signature is checked: parameters of the codec, so that it holds no key. Every message ends with the signature over
 * all bytes before it, byte 0 included, so a signature of one kind is never good for another (SPEC B3).
 */
import { ByteWriter } from './byte-writer.ts';
import { SIGNATURE_BYTES } from './limits.ts';

/** `publicKey` is 32 raw bytes, a signature 64. */
export type Signer = { readonly publicKey: Uint8Array; sign(bytes: Uint8Array): Uint8Array };
export type Verify = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;

/** The message with its signature behind it. */
export function signed(writer: ByteWriter, signer: Signer): Uint8Array {
  const body = writer.finish();
  return new ByteWriter(body.length + SIGNATURE_BYTES).bytes(body).bytes(signer.sign(body)).finish();
}

export const bodyOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, Math.max(0, bytes.length - SIGNATURE_BYTES));
export const signatureOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(Math.max(0, bytes.length - SIGNATURE_BYTES));
