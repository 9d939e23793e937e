import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Database from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/app/database.js';
import { openDatabase } from '../../../src/app/open-database.js';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('the reference app’s database file', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nestjs-refresh-auth-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is readable only by its owner, with the files beside it and the folder created for it', async () => {
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

  it('is waited for while another instance, started at the same time, creates it', async () => {
    const file = join(folder, 'auth.sqlite');
    const options = dataSourceOptions(`sqlite:${file}`);
    const other = new Database(file);
    other.exec('BEGIN EXCLUSIVE');
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {
      if (other.inTransaction) other.exec('COMMIT');
    });
    try {
      const dataSource = await openDatabase(options);
      expect(await dataSource.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
      await dataSource.destroy();
      // The driver is loaded once per process, so its errors may come from another suite's realm and have that class.
      expect(warned.mock.calls).toEqual([
        [
          expect.stringMatching(
            /^Not there yet \((SqliteError: )?database is locked\): trying again\.$/,
          ),
        ],
      ]);
    } finally {
      warned.mockRestore();
      other.close();
    }
  });

  it('keeps its file mode', () => {
    const file = join(folder, 'auth.sqlite');
    writeFileSync(file, '', { mode: 0o640 });
    dataSourceOptions(`sqlite:${file}`);
    expect(modeOf(file)).toBe('640');
  });
});
