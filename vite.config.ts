// One page at a time (scripts/build.mjs names its root): each page carries all that it needs, so that a gateway serves its kiosk and
// field pages, and a centre its office, each from one folder under any path. No inline script or style may come out: the pages run
// under a strict content security policy.
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { emptyOutDir: true, target: 'chrome120', assetsInlineLimit: 0, modulePreload: false, reportCompressedSize: false },
});
