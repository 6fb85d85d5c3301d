import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testStore, type TestStore } from '../backtest/store.js'
import { builtCli, type BuiltCli } from './built.js'
import { run } from './run.js'

let store: TestStore
let cli: BuiltCli
beforeAll(async () => {
  store = await testStore(3, '2026-01-02', '2026-01-16')
  await store.backtest('--strategy', 'buy_and_hold', '--run-id', 'my_first')
  cli = await builtCli()
})
afterAll(() => {
  store.remove()
  cli.remove()
})

describe('the words that can follow', () => {
  it.each<[line: string, ...words: string[]]>([
    ['ba', 'backtest'],
    ['backtest --strat', '--strategy'],
    ['backtest --strategy pldot_', 'pldot_cross', 'pldot_refresh'],
    ['backtest --sizing vol', 'volatility'],
    ['backtest --timeframe 30', '30m'],
    ['analyze --envelope-method p', 'pldot_stdev', 'percent'],
    ['query --atr', '--atr-bars', '--atr-multiple'],
    ['report my', 'my_first'],
    ['report la', 'latest'],
    ['runs di', 'diff'],
    ['chart --run my', 'my_first'],
    ['query --format j', 'json', 'jsonl'],
    ['schema trad', 'trade_groups', 'trades'],
    ['completion z', 'zsh'],
    ['query --outp', '--output'],
    ['query --output x', ...[]],
    ['--qui', '--quiet'],
    ['nothing', ...[]],
  ])('%s', async (line, ...words) => {
    const { code, out } = await run(['completion', 'words', '--', '--store', store.folder, ...line.split(' ')])
    expect([code, out.split('\n').filter((word) => word !== '')]).toEqual([0, words])
  })

  it('are the symbols of the store', async () => {
    const { out } = await run(['completion', 'words', '--', '--store', store.folder, 'analyze', ''])
    expect(out.trimEnd().split('\n')).toEqual(store.symbols)
  })
})

describe('the script for bash', () => {
  function completed(...words: string[]): string[] {
    const line = `
      dgas() { '${process.execPath}' '${cli.path}' "$@"; }
      source <(dgas completion bash)
      COMP_WORDS=(dgas ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
      _dgas; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p dgas`
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8', env: { ...process.env, DGAS_STORE: store.folder } })
    expect(stderr).toBe('')
    return stdout.trimEnd().split('\n')
  }

  it('completes commands, options, choices and runs', () => {
    const how = 'complete -o default -F _dgas dgas'
    expect(completed('an')).toEqual(['analyze', how])
    expect(completed('backtest', '--max-pos')).toEqual(['--max-positions', how])
    expect(completed('backtest', '--sizing', 'r')).toEqual(['risk', how])
    expect(completed('report', 'my')).toEqual(['my_first', how])
  })
})

it.each(['zsh', 'fish'])('there is a script for %s', async (shell) => {
  const { code, out } = await run(['completion', shell])
  expect([code, out]).toEqual([0, expect.stringContaining('dgas completion words --')])
})

it('another shell is refused', async () => {
  expect(await run(['completion', 'tcsh'])).toMatchObject({ code: 2, err: expect.stringContaining('bash, zsh, fish') as string })
})
