import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: { include: ['test/pages/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
