import { UsageError } from './errors.js';

const SAFE_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u;

/**
 * Checks a name that becomes a folder: letters, digits, dot, dash and underscore.
 *
 * @throws UsageError quoting the name
 */
export function safeName(name: string): string {
  if (!SAFE_NAME.test(name)) {
    throw new UsageError(
      `"${name}" cannot be a name: use letters, digits, ".", "_" and "-", starting with a letter or digit.`,
    );
  }
  return name;
}
