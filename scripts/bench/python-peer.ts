import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Debian's own, which sees Debian's python3-… packages; the first python3 on PATH may be another.
const PYTHON = '/usr/bin/python3';

/** What a Python peer measured, or why it could not. */
export type Peer<T> = { result: T } | { absent: string };

/** Runs a Python program that prints JSON, where the module it needs is installed. */
export function pythonPeer<T>(module: string, program: string, ...args: string[]): Peer<T> {
  if (!existsSync(PYTHON)) return { absent: `${PYTHON} is not there` };
  if (spawnSync(PYTHON, ['-c', `import ${module}`]).status !== 0) {
    return { absent: `${PYTHON} has no module ${module} (Debian: python3-${module})` };
  }
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', program, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The ${module} peer failed: ${stderr}`);
  return { result: JSON.parse(stdout) as T };
}
