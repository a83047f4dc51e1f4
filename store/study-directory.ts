import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DataError, UsageError } from './errors.js';
import { migrate } from './migrations.js';
import { safeName } from './safe-name.js';
import { lockForWriting } from './write-lock.js';

/** An open study directory: the catalogue, and where its vector files and reports are. */
export interface Study {
  readonly dir: string;
  readonly db: Database.Database;
  /** The folder of vector files of a query set, by its name, or of a corpus, by the folder that the catalogue has for it. */
  vectorFolder(kind: 'corpus' | 'queries', name: string): string;
  reportFolder(name: string): string;
  /** Where the files of an intervention are. */
  interventionFolder(name: string): string;
  /** Where a model is that was trained for the study. */
  modelFolder(name: string): string;
  close(): void;
}

/** How a study directory is opened. */
export interface OpenStudyOptions {
  /** Take the write lock, and create the directory where it is missing. */
  write?: boolean;
  /** How long to wait for the write lock, ms; by default not at all. */
  waitMs?: number;
}

const CATALOGUE = 'densimeter.db';
const SAFE_FOLDER = /^[\p{L}\p{N}][\p{L}\p{N}._~-]{0,119}$/u;

/**
 * Opens a study directory; with `write`, creates it where it does not exist.
 *
 * @throws UsageError where there is no study to read, or the path is a file
 * @throws DataError where another process writes to it, or the catalogue is damaged
 */
export function openStudy(dir: string, options: OpenStudyOptions = {}): Study {
  const file = join(dir, CATALOGUE);
  if (existsSync(dir) && !statSync(dir).isDirectory()) {
    throw new UsageError(`${dir} is a file; --study takes a directory.`);
  }
  if (!options.write && !existsSync(file)) {
    throw new UsageError(
      `No study in ${dir}: ${CATALOGUE} is not there. Make one with: densimeter run study.yaml --study ${dir}`,
    );
  }
  if (options.write) makeDirectory(dir);
  const lock = options.write ? lockForWriting(dir, options.waitMs) : undefined;
  try {
    const db = openCatalogue(file, options.write === true);
    return {
      dir,
      db,
      vectorFolder(kind, name) {
        if (!SAFE_FOLDER.test(name)) throw new DataError(`"${name}" cannot be a folder of vectors.`);
        return join(dir, 'vectors', kind === 'queries' ? 'queries' : '', name);
      },
      reportFolder: (name) => join(dir, 'reports', safeName(name)),
      interventionFolder: (name) => join(dir, 'interventions', safeName(name)),
      modelFolder: (name) => join(dir, 'models', safeName(name)),
      close() {
        db.close();
        lock?.release();
      },
    };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function makeDirectory(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw new UsageError(`The study directory ${dir} cannot be made: ${(error as Error).message}.`);
  }
}

function openCatalogue(file: string, write: boolean): Database.Database {
  let db: Database.Database | undefined;
  try {
    // A reader also opens read-write: a WAL catalogue left by a killed process is recovered by whoever opens it.
    db = new Database(file, { fileMustExist: !write });
    db.pragma('journal_mode = WAL');
    db.pragma('foreign_keys = ON');
    db.pragma('synchronous = NORMAL');
    db.pragma('busy_timeout = 5000');
    migrate(db, file);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof Database.SqliteError) {
      throw new DataError(`${file} cannot be opened as a catalogue: ${error.message} (${error.code}).`);
    }
    throw error;
  }
}
