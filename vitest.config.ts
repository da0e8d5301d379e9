import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/deployed/**', 'test/pages/**'],
    globalSetup: 'test/setup.ts',
    setupFiles: 'test/fresh-file.ts',
    // Most of a file's time would go into loading the libraries anew: the files of a process share them.
    isolate: false,
    maxWorkers: '100%',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    silent: 'passed-only',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
