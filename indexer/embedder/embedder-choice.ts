import type { Prefixes } from './embedder.js';

/** Which embedder, and how it is set. */
export type EmbedderChoice = 'use-lite' | UseLiteChoice | TransformersChoice | OpenAiChoice;

/** The embedded default embedder. */
export interface UseLiteChoice {
  kind: 'use-lite';
  digits?: DigitsChoice | undefined;
}

/** A sentence-embedding model for transformers.js. */
export interface TransformersChoice {
  kind: 'transformers';
  /** A folder with config.json, tokenizer.json and onnx/, or the model's name on the hub. */
  model: string;
  dtype: 'fp32' | 'fp16' | 'q8';
  /** By default what the model's 1_Pooling/config.json says, or the mean. */
  pooling?: Pooling | undefined;
  /** By default what the model's config_sentence_transformers.json says, or none. */
  prefix?: Prefixes | undefined;
  digits?: DigitsChoice | undefined;
}

/** How the vectors of a text's tokens become one. */
export type Pooling = 'mean' | 'cls' | 'max' | 'last';

/** A model behind an endpoint that speaks OpenAI's embeddings API. */
export interface OpenAiChoice {
  kind: 'openai';
  /** The endpoint up to and without `/embeddings`: `http://127.0.0.1:8080/v1`. */
  url: string;
  model: string;
  /** The environment variable that holds the API key; default OPENAI_API_KEY. */
  keyEnv?: string | undefined;
  /** Asks the model for shorter vectors, where it can make them. */
  dims?: number | undefined;
  /** Texts of one request; default 64. */
  batch?: number | undefined;
  /** Requests under way at once; default 4. */
  concurrency?: number | undefined;
  prefix?: Prefixes | undefined;
  digits?: DigitsChoice | undefined;
}

/** Adds the digits of a text, by their place in their numbers, to its vector. */
export interface DigitsChoice {
  kind: 'abacus';
  weight?: number | undefined;
}

/** How an embedder is opened, whichever it is. */
export interface OpenOptions {
  /** Threads inside one operator of the model; by default all cores. */
  threads?: number | undefined;
}
