import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/deployed/**/*.test.ts'],
    globalSetup: 'test/deployed/setup.ts',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
