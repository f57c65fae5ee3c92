/**
 * What the range coder knows before the first byte of a batch (SPEC B11): 300 made-up payments of an ordinary shop, in six batches, written
 * through it in turn and thrown away. It makes small batches a tenth smaller. Made once from seeded random payments; part of version 1 of the wire,
 * so it never changes: a better one takes a new version.
 */
import { zstdDecompressSync } from 'node:zlib';
import { must } from '../ledger/result.ts';
import { PlainReader } from './coded-values.ts';
import { readEntries } from './entry-reader.ts';
import { planOf, writeEntries } from './entry-writer.ts';
import { teach } from './range-coder.ts';

const PRESET_GATEWAY = 'syabru';
/** zstd of records: count (one byte), length (two bytes, high first), a plain payload. */
const PRESET = [
  'KLUv/WCIDv1NAKqjiCA2MKpJOjC1it7mKVNiDXfcNg/XOz1Zzru+xm5vIdZgDfcNr6qTgSitWhRAiIHaUGutEbL33lKm8AH1AQcCBLSUA5RbBpTXlDChhcoC',
  'SqUDBUqwCI1GJuDAgS7hOWZMUHYMU6Ydt5oeqH3CXCiH5qzF0q0hL7/h6kLu3CzTIcxdh6Ijxyw6Wpg3lku/TiA9jUybX0yD7y5ybnxDd+HeldNCgufCOw0E',
  'dBOYzqNEvQAZVq/x9mKaNOf6c0qX97Ov1Yl6g2dMr04pzXrfuTqfufNiHMEzGLkjIV26gbfzJE63mwRvVSH6DLjbQEEX5vld643OWRGY3+By6ufvjPd3ot3c',
  'nPMswRcTzfmVQ3fjH8G33ZebnZqcp+g5A7gP0cCdm/Q515xBR94JdTNLP7ah8koH55avy1uw0ml8eQY3r34K3QiH08ewlPqFSbecVJ0j2X0IJu7WzqfTPaV+',
  'AqJ0XrTny0EvNnL12sjTL6ksZ0qs7vUn06mnLzcCZnkQwVvAPq90Vb725jLwzqgg3USod5U/F76dugQ4sTDNDXq99Je5L7Vvtu96+f72K9/uamtfPnffMveZ',
  '7720/vZc7Zsr299Sy5XPtPl8TWIz0zps7mNzNZvPZ+bfFDZb/pt/HjPZNJLVMTBhVyNN5lPpZdbzGqkpNE0k5Vrtmd60w/s+f3I3kola9Vb7t/LWFm+WOhoF',
  '7gO4l5Drz+/neNqQuY5crrHp0AHknjvsXf8676bmCCym0IV3Zs6FrJy45sJCrk525u00j9UZuNJypRW6dx1d3E+5179F50iMznyYXpQy5c23d1OQ3xOs+YTB',
  'n4NeYdETfDrXJU5nwSzvUpxOvfi9QkJ1Ypk5F+O7cdFroFJ0v6DkflHFnf+gvL1EObOpO5FSnd9NaE7B+P30dPcyRaTOdfBuFngIas6lZ9JrEzhH4sF9xZx3',
  'afk7Y4Hzoqwvt4BxzndvHya6rfTpnKbVqZ/eaVwgLWcugZdw9zaH1d651l/L/MvW1vt7er7X3nr/e7mrvfd2///7P9fbeu9lrrdWtm9bafPvrUQlC6BmPR2e',
  'Dd/1sP/H2/S0Ynya59fTSGSkOXi0BPy2fCYyqTnW2NrYfKxdDUfclkOGqOHQ4jIhOZZLIWVD2pZuR+QRtR+Uui2RsPlgG+K21FG2bCPC43ghy6WOat4f6Ynm',
  '2sDVu7qcWtr20iNjaRB450oVQXlXTkPoBFJcehil0E25Xqqg0xF8OVe2tbaleoFFb0A5L+5Hai2HalrP8C60464r4t6ZuiuQIc2VK4o260qHeprOtSjkw8im',
  '1TZ90mwru2kUbWlYU1o55LmlR8q1RrOluHNlJ33pGcis4LQSzctvYT9AVdrTMqh9vAAOIJFmwwYDFCgPPPhKIHaglUkv5ZVFsz5bwBC8lFwIAubtOCxCmRub',
  'WpClGxLJp3JcmU6zFXEhy8kC34W4Mu1DzZXRNFO2KFrDlluqoi1lbq6t4Xt4LaGlpx0ahyayHm+RCIDJ7nwIKson0PkJPe9A5Rzy3nlPCgI6ijrnM3dnQWPO',
  'Vaxcq07vMECdIyU68s/UAfDNndgX580G7tzmyq+hugMJPA1l5iwKQbHD4ufvv6mtzG2bb4l6W6RaZsnKyABCMDDz1NG6qBYOK+vhg+1HmQ8gQHasCeFC1rJl',
  'G9saW47lj9OkZ0EimtMMHq4zCLpF0bcypF4bPNtKubZ5+VnP2kizNRGiWa5SSo9Uqw6q21qkDrr9mkNXZN/alzIXS7kO6TM/QbqrgknXEOa9BfBNi/RC2wTN',
  'FEVj6A6DXm1Vxp0t16Ydp7keqY1G0lq5OhhzMUrBKEf5c6YSAn+rpS7kbif1m9j2NHmTp6bZFRroPmty+MUBzOoAJGudvXUgWXZWJICWRpZEcK4kgAGdtGRg',
  'ackvMjPtbK7j1+1KiiUHjHkVhcnaZJ1M0qRyKCQzEEaWLCAgmdbGDlLOeoIXE9X3JZm+pYnOi6X0jpx16tzp7aesvXelSVcA5v0n5UQ1db9qmHwDp3eePR/L',
  'u4zB856Z3zNzZ1hOXsW4ugkJ0bnOytkMoJurUn1IZdRvozJfo/tRk5nr2PO7JtRlOME73aPyFhTqthLdAzvW3NR+lHG9X9Nw6DbUXJOMeRh7qXSuLKc5EZWz',
  'FsFbYbStCLh66A+CfiNfYp/H4vBNT2vWU6srWzVRN/s8+gsyp2Hy3JSl6Q1n6klQfHcg6wACnfnwzL3q9F1MC6mT0LPpvSbMbR69N5cyJ2ZS9SOmMLfw5Ft2',
  'daDOd1nOgpumIFJ07+9ptbYr7UvkMh5Npc0Q4MOwCDf7GeVoW0PaSK6orOWqIdBHkHnt41t5Sp/VBh5aK1fT2vVM8E0tZcqvtIX1muewqfCWeLaWODQ3ibpF',
  'pOjCPpleuUR5P5L1nqPyVjV3GuXuA/yuYs1bDD5s0K2cvn+pyjvREeAt35VbMnleSdW9v+y9+U49BqQL3xBduCeFlRQ/tpnpz/9/ysxjZ1/mG4AoRGYQWyDW',
  'hXbCHa1Y+9Qi4bAda25qPywRSJE2NmMfX+Zj2aYWREiXa21qRXKolf0A4qYDeevXNMiecxVrCqQeom3lesbml9J6KddKGQoF00xr7YDlbCf0iP4pd5+00uHV',
  '4iLReNM0rdByH+B7i5nbTnku/BPoSjihbsPPh2T4fvdwOrvZe9rcuZGkq825MBPglbB60i7S+4+mMyDez0RjbttIOZUD9KGdn94b/P32bYnyRU/u778ppW/m',
  'c6X2Ntdb2/zQHsC8zi+jha3zzJx1tGPYXwOArChAxBiiEZsPItuSVAJDjDTBiARCC9LW/zn5SiuSFsCG2VaiHGC576/bQv7/S4eQcde2A5kJ5b1jMMOgO7Cn',
  'AR00zDXcFM9Q8w9D7ICHZNkhJqQeoJeQQ/DYKIRHXOhS/E/jubCF8AB3KsHcSGVHBK/jFD2vUOsR8OmscntheKIZ+/i5ltI8hZHePWR48hbwdFEFRsd+J1Ab',
  'JoiKO6IOnOdrvOi5HGeEECguTezzeHDYHcWh0oR1ejPWQuQ5QyAXbJbrJT/jYfi2zG0Jq70GjQmQB7M5UBrPDBA4ggQCMYQWRt8zmJ6Nzg8SLNxrMOQridDr',
  'P+MJC1ZC8Am7w0EBEOr5DkK1Jo6UhRNiQBz/O1FIlr/TlUcZFQxRkbaz5gKdI98dXtZDd7rrBObxvq1imEFnd0wilD0ADvLgkAQo8Qc+5VdkoeftVYjlJVw0',
  'kW7Wgfq9EMw7NRIhtoMHRSd6AhxaZSWVA00W8QbB45vG4NxeW0oFBpLGIJPGuovj7Ap1vU9pX/9dwJQM7DoigNGYA8O9bgYAIEYD',
].join('');

let isTaught = false;

/** Once a process, before the first use of the range coder: about two milliseconds. */
export function teachPreset(): void {
  if (isTaught) return;
  isTaught = true;
  const records = zstdDecompressSync(Buffer.from(PRESET, 'base64'));
  for (let at = 0; at < records.length; ) {
    const length = records.readUInt16BE(at + 1);
    const payload = records.subarray(at + 3, at + 3 + length);
    const entries = must(readEntries(new PlainReader(payload), PRESET_GATEWAY, records[at] as number), 'the preset');
    teach((writer) => writeEntries(writer, planOf(PRESET_GATEWAY, entries)));
    at += 3 + length;
  }
}
