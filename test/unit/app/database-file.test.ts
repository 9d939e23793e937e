import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/app/database.js';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the reference app’s database file', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nestjs-refresh-auth-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is readable for nobody else, with the files beside it and the folder that is made for it', async () => {
    const made = join(folder, 'new', 'data');
    const file = join(made, 'auth.sqlite');
    const dataSource = await new DataSource(dataSourceOptions(`sqlite:${file}`)).initialize();
    try {
      await dataSource.runMigrations();
      expect(['', '-wal', '-shm'].map((suffix) => modeOf(file + suffix))).toEqual([
        '600',
        '600',
        '600',
      ]);
      expect([modeOf(made), modeOf(join(folder, 'new'))]).toEqual(['700', '700']);
    } finally {
      await dataSource.destroy();
    }
  });

  it('keeps the mode that it was given', () => {
    const file = join(folder, 'auth.sqlite');
    writeFileSync(file, '', { mode: 0o640 });
    dataSourceOptions(`sqlite:${file}`);
    expect(modeOf(file)).toBe('640');
  });
});
