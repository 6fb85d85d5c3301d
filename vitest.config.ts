import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { TZ: 'Pacific/Auckland', NO_COLOR: '1' },
    // a test leaves a core idle now and then; by default one core is kept free, which is half of a small machine
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
