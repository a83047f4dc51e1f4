/** Takes a stream of bytes in pieces of the sizes that are asked for. */
export class ByteStream {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer[] = [];
  #length = 0;

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next `bytes` bytes, or undefined where fewer are left. */
  async take(bytes: number): Promise<Buffer | undefined> {
    while (this.#length < bytes) {
      const { value, done } = await this.#chunks.next();
      if (done) return undefined;
      this.#held.push(value);
      this.#length += value.length;
    }
    const all = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held);
    this.#held = [all.subarray(bytes)];
    this.#length = all.length - bytes;
    return all.subarray(0, bytes);
  }

  /** Stops reading. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
