import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Native sessions and 2 cores: more workers only fight over the same Gemm threads.
    maxWorkers: 2,
  },
});
