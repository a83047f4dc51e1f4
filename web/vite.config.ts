import { defineConfig } from 'vite';

const API = 'http://127.0.0.1:4860';

export default defineConfig({
  server: { proxy: { '/api': API } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    rolldownOptions: { input: ['web/index.html', 'web/docs.html'] },
    // RapiDoc is one file of this size, on a page of its own.
    chunkSizeWarningLimit: 1200,
    // The page's policy allows files of its own origin only: nothing is inlined as data.
    assetsInlineLimit: 0,
    target: ['chrome123', 'firefox121', 'safari17.5'],
  },
});
