import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyManifest, readManifest, writeManifest, type Manifest } from '../../src/store/manifest.js'
import { emptyFolder } from './room.js'

const partition = { file: 'month=2026-01/000001.parquet', rows: 1, data_hash: '1' }

describe('a manifest', () => {
  it('of a folder that is not there names nothing', () => {
    expect(readManifest(join(emptyFolder(), 'timeframe=1d'))).toEqual(emptyManifest)
  })

  it('comes back as it was written, with its partitions in order', () => {
    const folder = join(emptyFolder(), 'timeframe=30m')
    const partitions = { 'month=2026-02': partition, 'month=2025-12': partition, 'month=2026-01': partition }
    const manifest: Manifest = { ...emptyManifest, generation: 3, symbols: ['A'], exchanges: ['XNYS'], partitions }
    writeManifest(folder, manifest)
    expect(readManifest(folder)).toEqual(manifest)
    expect(Object.keys(readManifest(folder).partitions)).toEqual(['month=2025-12', 'month=2026-01', 'month=2026-02'])
    expect(readdirSync(folder)).toEqual(['manifest.json'])
  })

  it.each([
    ['torn', '{"format": 1, "gen'],
    ['of a later version', '{"format": 2}'],
    ['empty', ''],
    ['null', 'null'],
  ])('that is %s is an error that names it', (_, text) => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'manifest.json'), text)
    expect(() => readManifest(folder)).toThrow(`${join(folder, 'manifest.json')}: this is no manifest`)
  })
})
