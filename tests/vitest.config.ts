import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '.build/**'],
    globalSetup: ['tests/build-setup.ts'],
    // Machines are small and noisy: limits only end what hangs, they judge nothing.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // One more than cores: many files mostly wait, for processes to start and for links to come back.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['{device,gateway,dashboard,simulators}/**/*.{ts,tsx}'],
      reportsDirectory: '.artifacts/coverage',
    },
  },
});
