import { expect, it } from 'vitest'
import { run } from './run.js'

it.each([
  ['runs'],
  ['completion', 'words', '--', 'analyze', 'XID'],
])('an empty $DGAS_STORE is as none: %s', async (...argv) => {
  expect(await run(argv, '', { env: { DGAS_STORE: '' } })).toEqual(await run(argv))
})
