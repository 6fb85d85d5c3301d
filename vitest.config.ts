import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { TZ: 'Pacific/Auckland', NO_COLOR: '1' },
    // one more than cores: tests wait for queues, browsers and processes; by default one core is kept free, half of a small machine
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
