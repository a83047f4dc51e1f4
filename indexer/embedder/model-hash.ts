import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { TransformersChoice } from './embedder-choice.js';

const SUFFIX: Record<TransformersChoice['dtype'], string> = { fp32: '', fp16: '_fp16', q8: '_quantized' };

/** A hash of the files that a local model's vectors depend on, those of other dtypes left out. */
export async function hashOfModel(folder: string, dtype: TransformersChoice['dtype']): Promise<string> {
  const weights = `onnx${sep}model${SUFFIX[dtype]}.onnx`;
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, sep).length))
    .filter((name) => name.startsWith(weights) || /^[^.].*\.(json|txt|model)$/.test(name))
    .sort();
  const hash = createHash('sha256');
  for (const name of names) {
    hash.update(`${name}\0`);
    for await (const bytes of createReadStream(join(folder, name))) hash.update(bytes as Buffer);
  }
  return hash.digest('hex');
}
