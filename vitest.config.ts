import { defineConfig } from 'vitest/config';

// The tests under test/slow take minutes: npm run test:slow.
const slow = process.env.DENSIMETER_TESTS === 'slow';

export default defineConfig({
  test: {
    include: slow ? ['test/slow/**/*.test.ts'] : ['test/**/*.test.ts'],
    exclude: slow ? [] : ['test/slow/**'],
    testTimeout: slow ? 900_000 : 120_000,
    hookTimeout: 120_000,
    // Native sessions and 2 cores: more workers only fight over the same Gemm threads.
    maxWorkers: 2,
  },
});
