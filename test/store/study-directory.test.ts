import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { DataError, listCorpora, openStudy, safeName, UsageError } from '../../store/index.js';
import { built } from '../support/built.js';
import { tempFolder } from '../support/temp-folder.js';

describe('opening', () => {
  test('writing makes the directory, and reading then finds it', () => {
    const dir = join(tempFolder(), 'a', 'b');
    openStudy(dir, { write: true }).close();
    const study = openStudy(dir);
    expect(listCorpora(study.db)).toEqual([]);
    expect(study.dir).toBe(dir);
    study.close();
  });

  test('reading a study that is not there is a UsageError and makes nothing', () => {
    const dir = join(tempFolder(), 'none');
    expect(() => openStudy(dir)).toThrow(UsageError);
    expect(() => openStudy(dir)).toThrow(`No study in ${dir}`);
    expect(existsSync(dir)).toBe(false);
    const empty = tempFolder();
    expect(() => openStudy(empty)).toThrow(UsageError);
    expect(existsSync(join(empty, 'densimeter.db'))).toBe(false);
  });

  test('a file as a directory, or on the way to it, is a UsageError', () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, 'text');
    expect(() => openStudy(file)).toThrow(new UsageError(`${file} is a file; --study takes a directory.`));
    expect(() => openStudy(file, { write: true })).toThrow(UsageError);
    expect(() => openStudy(join(file, 'study'), { write: true })).toThrow(UsageError);
    expect(readFileSync(file, 'utf8')).toBe('text');
  });

  test('foreign keys and the write-ahead log are on, for writers and for readers', () => {
    const dir = tempFolder();
    for (const write of [true, false]) {
      const study = openStudy(dir, { write });
      expect(study.db.pragma('foreign_keys', { simple: true })).toBe(1);
      expect(study.db.pragma('journal_mode', { simple: true })).toBe('wal');
      study.close();
    }
  });

  test('a reader reads while a writer is at it', () => {
    const dir = tempFolder();
    const writer = openStudy(dir, { write: true });
    const reader = openStudy(dir);
    writer.db.exec("INSERT INTO steps VALUES ('a', 'b', 'c', 1, 'd')");
    expect(reader.db.prepare('SELECT name FROM steps').all()).toEqual([{ name: 'a' }]);
    reader.close();
    writer.close();
  });
});

describe('a catalogue that cannot be used', () => {
  test.each([
    ['not a database', 'a catalogue this is not, '.repeat(100)],
    ['a few bytes', 'hello'],
  ])('%s is a DataError, and the lock is free again', (_, content) => {
    const dir = tempFolder();
    const file = join(dir, 'densimeter.db');
    writeFileSync(file, content);
    for (const write of [true, false, true]) {
      expect(() => openStudy(dir, { write })).toThrow(DataError);
      expect(() => openStudy(dir, { write })).toThrow(`${file} cannot be opened as a catalogue`);
    }
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  test('one of a newer schema is a DataError that names both versions', () => {
    const dir = tempFolder();
    openStudy(dir, { write: true }).close();
    const db = new Database(join(dir, 'densimeter.db'));
    const known = db.pragma('user_version', { simple: true });
    db.pragma('user_version = 99');
    db.close();
    expect(() => openStudy(dir)).toThrow(DataError);
    expect(() => openStudy(dir)).toThrow(`has schema version 99; this densimeter knows ${known}`);
  });

  test('a directory in its place is a DataError', () => {
    const dir = tempFolder();
    mkdirSync(join(dir, 'densimeter.db'));
    expect(() => openStudy(dir, { write: true })).toThrow(DataError);
  });

  test('a lock file that is none is a DataError', () => {
    const dir = tempFolder();
    mkdirSync(join(dir, '.lock'));
    expect(() => openStudy(dir, { write: true })).toThrow(`${dir} cannot be locked for writing`);
  });
});

describe('names', () => {
  test('folders are made of safe names only', () => {
    const dir = tempFolder();
    const study = openStudy(dir, { write: true });
    expect(study.vectorFolder('corpus', '3')).toBe(join(dir, 'vectors', '3'));
    expect(study.vectorFolder('queries', '3')).toBe(join(dir, 'vectors', 'queries', '3'));
    expect(study.reportFolder('gelé-2')).toBe(join(dir, 'reports', 'gelé-2'));
    for (const name of [
      '',
      '.',
      '..',
      '../up',
      'a/b',
      'a\\b',
      '.hidden',
      '-rf',
      'a\0b',
      'a b',
      'x'.repeat(101),
    ]) {
      expect(() => safeName(name)).toThrow(UsageError);
      expect(() => study.reportFolder(name)).toThrow(UsageError);
    }
    study.close();
  });
});

type Holder = ChildProcessByStdio<null, Readable, null>;

describe('the write lock', () => {
  const holders: Holder[] = [];
  afterEach(() => {
    for (const holder of holders.splice(0)) holder.kill('SIGKILL');
  });

  /** Another process that has the study open for writing, once its line came. */
  async function holderOf(dir: string): Promise<Holder> {
    const program = `
      const { openStudy } = await import(${JSON.stringify(built('store/index.js'))});
      const study = openStudy(process.argv[1], { write: true });
      console.log('open');
      process.on('SIGTERM', () => { study.close(); process.exit(0); });
      setInterval(() => {}, 60_000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    holders.push(holder);
    await once(holder.stdout, 'data');
    return holder;
  }

  test('a second writer is refused with the number of the first; a reader is not', async () => {
    const dir = tempFolder();
    const holder = await holderOf(dir);
    expect(() => openStudy(dir, { write: true })).toThrow(
      new DataError(`${dir} is being written by process ${holder.pid}; wait for it or stop it.`),
    );
    openStudy(dir).close();
    holder.kill('SIGTERM');
    await once(holder, 'exit');
    openStudy(dir, { write: true }).close();
  });

  test('is free again when its holder was killed', async () => {
    const dir = tempFolder();
    const holder = await holderOf(dir);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const study = openStudy(dir, { write: true });
    expect(readFileSync(join(dir, '.writer'), 'utf8')).toBe(String(process.pid));
    study.close();
  });

  test('holds within one process too, until it is closed, and closing twice is harmless', () => {
    const dir = tempFolder();
    const first = openStudy(dir, { write: true });
    expect(() => openStudy(dir, { write: true })).toThrow(`written by process ${process.pid}`);
    first.close();
    first.close();
    openStudy(dir, { write: true }).close();
  });
});
