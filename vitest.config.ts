import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { TZ: 'Pacific/Auckland', NO_COLOR: '1' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
