import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Debian's own, which sees Debian's python3-… packages; the first python3 on PATH may be another.
const PYTHON = '/usr/bin/python3';

/** Why a Python module cannot be used here, or undefined where it can; `debianPackage` is what would bring it. */
export function whyNoPython(module: string, debianPackage: string): string | undefined {
  if (!existsSync(PYTHON)) return `${PYTHON} is not there (Debian: ${debianPackage})`;
  const run = spawnSync(PYTHON, ['-c', `import ${module}`], { encoding: 'utf8' });
  if (run.status === 0) return undefined;
  return `${PYTHON} cannot import ${module} (Debian: ${debianPackage})`;
}

/**
 * Runs a Python program and returns the JSON that it prints.
 *
 * @throws Error with what it wrote to stderr where it fails
 */
export function runPython<T>(program: string, ...args: string[]): T {
  const run = spawnSync(PYTHON, ['-c', program, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`python3 ended with ${run.status}: ${run.stderr}`);
  return JSON.parse(run.stdout) as T;
}
