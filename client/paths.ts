// Made from the API's OpenAPI document: run "npm run client-types" after a change of the API.

export interface Paths {
  '/study': {
    /**
     * What the study holds: corpora, query sets, runs, measurements and reports.
     */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            'application/json': Study;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/density': {
    /**
     * The density of the training data at texts or vectors, and what it rests on.
     */
    post: {
      parameters: {};
      requestBody: {
        content: {
          'application/json': DensityRequest;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': DensityAnswer;
            'application/x-ndjson': AskedDensity;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        406: {
          content: {
            'application/problem+json': Problem;
          };
        };
        413: {
          content: {
            'application/problem+json': Problem;
          };
        };
        415: {
          content: {
            'application/problem+json': Problem;
          };
        };
        422: {
          content: {
            'application/problem+json': Problem;
          };
        };
        503: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/neighbours': {
    /**
     * The training texts nearest to texts or vectors.
     */
    post: {
      parameters: {};
      requestBody: {
        content: {
          'application/json': NeighboursRequest;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': NeighboursAnswer;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        413: {
          content: {
            'application/problem+json': Problem;
          };
        };
        415: {
          content: {
            'application/problem+json': Problem;
          };
        };
        422: {
          content: {
            'application/problem+json': Problem;
          };
        };
        503: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/points': {
    /**
     * Every query of a measurement, with what a run scored on it; by default the first of each.
     */
    get: {
      parameters: {
        query?: {
          measurement?: string;
          run?: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Points;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/queries/{id}': {
    /**
     * A query: its text, density, what holds it, and what every run scored.
     */
    get: {
      parameters: {
        path: {
          id: string;
        };
        query?: {
          measurement?: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Query;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/corpora': {
    /**
     * The corpora, with their sizes.
     */
    get: {
      parameters: {
        query?: {
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?:
            | 'name'
            | '-name'
            | 'role'
            | '-role'
            | 'embedder'
            | '-embedder'
            | 'dims'
            | '-dims'
            | 'documents'
            | '-documents'
            | 'heldOut'
            | '-heldOut'
            | 'chunks'
            | '-chunks'
            | 'duplicates'
            | '-duplicates'
            | 'sources'
            | '-sources'
            | 'precision'
            | '-precision';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: Corpus[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': Corpus;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
    /**
     * Indexes the file in the body as a new corpus, as a job, with the embedder of the study’s oldest corpus.
     */
    post: {
      parameters: {
        query: {
          /**
           * Of the corpus, which must be new.
           */
          name: string;
          format: 'jsonl' | 'json' | 'csv' | 'tsv' | 'txt' | 'parquet';
          role?: 'pretrain' | 'finetune';
          chunk?: 'sentences' | 'passages' | 'document';
          /**
           * A column, or a template of columns in braces; by default the text is found by itself.
           */
          text?: string;
          /**
           * A column of unique keys.
           */
          id?: string;
          /**
           * A column; by default all is from one source.
           */
          source?: string;
        };
      };
      requestBody: {
        content: {
          'application/octet-stream': string;
        };
      };
      responses: {
        202: {
          content: {
            'application/json': Job;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        409: {
          content: {
            'application/problem+json': Problem;
          };
        };
        413: {
          content: {
            'application/problem+json': Problem;
          };
        };
        415: {
          content: {
            'application/problem+json': Problem;
          };
        };
        422: {
          content: {
            'application/problem+json': Problem;
          };
        };
        503: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/query-sets': {
    /**
     * The query sets.
     */
    get: {
      parameters: {
        query?: {
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?:
            | 'id'
            | '-id'
            | 'name'
            | '-name'
            | 'embedder'
            | '-embedder'
            | 'dims'
            | '-dims'
            | 'queries'
            | '-queries';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: QuerySet[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': QuerySet;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/runs': {
    /**
     * The runs, with their covariates.
     */
    get: {
      parameters: {
        query?: {
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?: 'name' | '-name' | 'scorer' | '-scorer' | 'covariates' | '-covariates';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: Run[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': Run;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/queries': {
    /**
     * The queries, with their density at a measurement and their loss by a run.
     */
    get: {
      parameters: {
        query?: {
          /**
           * A query set; by default all.
           */
          set?: string;
          kind?: string;
          source?: string;
          document?: string;
          /**
           * A part of the text, in upper or lower case.
           */
          text?: string;
          measurement?: string;
          run?: string;
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?:
            | 'id'
            | '-id'
            | 'querySet'
            | '-querySet'
            | 'key'
            | '-key'
            | 'kind'
            | '-kind'
            | 'document'
            | '-document'
            | 'source'
            | '-source'
            | 'text'
            | '-text'
            | 'log10Density'
            | '-log10Density'
            | 'low'
            | '-low'
            | 'high'
            | '-high'
            | 'effectiveSamples'
            | '-effectiveSamples'
            | 'loss'
            | '-loss';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: QueryRow[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': QueryRow;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/outcomes': {
    /**
     * What runs scored on queries.
     */
    get: {
      parameters: {
        query?: {
          run?: string;
          set?: string;
          metric?: string;
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?:
            | 'id'
            | '-id'
            | 'run'
            | '-run'
            | 'queryId'
            | '-queryId'
            | 'key'
            | '-key'
            | 'metric'
            | '-metric'
            | 'value'
            | '-value';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: OutcomeRow[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': OutcomeRow;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/corpora/{corpus}/documents/{document}': {
    /**
     * A document of a corpus, with the places of its chunks.
     */
    get: {
      parameters: {
        path: {
          corpus: string;
          document: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Document;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/measurements/{id}/coverage': {
    /**
     * Which sources support which subjects of a measured query set.
     */
    get: {
      parameters: {
        path: {
          id: string;
        };
        query?: {
          by?: 'kind' | 'subject' | 'source' | 'document';
          weigh?: 'queries' | 'density';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Coverage;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
        409: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/reports': {
    /**
     * The reports, newest first.
     */
    get: {
      parameters: {
        query?: {
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?: 'name' | '-name' | 'study' | '-study' | 'made' | '-made' | 'html' | '-html';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: ReportRow[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': ReportRow;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
    /**
     * Writes a report on runs and query sets, as a job; one of that name is replaced.
     */
    post: {
      parameters: {};
      requestBody: {
        content: {
          'application/json': ReportRequest;
        };
      };
      responses: {
        202: {
          content: {
            'application/json': Job;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        413: {
          content: {
            'application/problem+json': Problem;
          };
        };
        415: {
          content: {
            'application/problem+json': Problem;
          };
        };
        422: {
          content: {
            'application/problem+json': Problem;
          };
        };
        503: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/regressions': {
    /**
     * Every run, outcome, density and query set of a report, by each of the regression models.
     */
    get: {
      parameters: {
        query?: {
          /**
           * By default the newest.
           */
          report?: string;
          run?: string;
          metric?: string;
          model?: string;
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?:
            | 'id'
            | '-id'
            | 'querySet'
            | '-querySet'
            | 'run'
            | '-run'
            | 'metric'
            | '-metric'
            | 'unit'
            | '-unit'
            | 'kernel'
            | '-kernel'
            | 'bandwidth'
            | '-bandwidth'
            | 'model'
            | '-model'
            | 'n'
            | '-n'
            | 'groups'
            | '-groups'
            | 'mean'
            | '-mean'
            | 'slope'
            | '-slope'
            | 'slopeError'
            | '-slopeError'
            | 'slopeLow'
            | '-slopeLow'
            | 'slopeHigh'
            | '-slopeHigh'
            | 'pValue'
            | '-pValue'
            | 'adjustedPValue'
            | '-adjustedPValue'
            | 'r2'
            | '-r2'
            | 'partialR2'
            | '-partialR2'
            | 'controlsOutOfSampleR2'
            | '-controlsOutOfSampleR2'
            | 'outOfSampleR2'
            | '-outOfSampleR2'
            | 'gain'
            | '-gain'
            | 'gainLow'
            | '-gainLow'
            | 'gainHigh'
            | '-gainHigh'
            | 'gainPValue'
            | '-gainPValue';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: RegressionRow[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': RegressionRow;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
    /**
     * Regresses an outcome of a run on density and controls, over the queries of a filter.
     */
    post: {
      parameters: {};
      requestBody: {
        content: {
          'application/json': FitRequest;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Fit;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
        413: {
          content: {
            'application/problem+json': Problem;
          };
        };
        415: {
          content: {
            'application/problem+json': Problem;
          };
        };
        422: {
          content: {
            'application/problem+json': Problem;
          };
        };
        503: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/interventions': {
    /**
     * The experiments on the training data, as they were designed.
     */
    get: {
      parameters: {
        query?: {
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?:
            | 'name'
            | '-name'
            | 'querySet'
            | '-querySet'
            | 'seed'
            | '-seed'
            | 'paraphraser'
            | '-paraphraser'
            | 'arms'
            | '-arms'
            | 'rejected'
            | '-rejected'
            | 'missing'
            | '-missing';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: InterventionRow[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': InterventionRow;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/leaks': {
    /**
     * Of every query that leaks were looked for of, the likeliest, from the highest score down.
     */
    get: {
      parameters: {
        query?: {
          /**
           * A query set; by default all.
           */
          set?: string;
          kind?: string;
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?:
            | 'id'
            | '-id'
            | 'querySet'
            | '-querySet'
            | 'corpora'
            | '-corpora'
            | 'queryId'
            | '-queryId'
            | 'key'
            | '-key'
            | 'kind'
            | '-kind'
            | 'score'
            | '-score'
            | 'suspected'
            | '-suspected'
            | 'similarity'
            | '-similarity'
            | 'share'
            | '-share'
            | 'words'
            | '-words'
            | 'copied'
            | '-copied'
            | 'corpus'
            | '-corpus'
            | 'document'
            | '-document'
            | 'text'
            | '-text'
            | 'nearest'
            | '-nearest';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: LeakRow[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': LeakRow;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/reports/{name}': {
    /**
     * The report.json of a report.
     */
    get: {
      parameters: {
        path: {
          name: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              version: number;
              [k: string]: unknown;
            };
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/reports/{name}/report.html': {
    /**
     * The page of a report.
     */
    get: {
      parameters: {
        path: {
          name: string;
        };
      };
      responses: {
        200: {
          content: {
            'text/html': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/projections': {
    /**
     * The projections of the study to two dims, oldest first.
     */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            'application/json': {
              projections: Projection[];
            };
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
    /**
     * Projects corpora and the queries of their embedder to two dims, as a job: PCA in seconds, UMAP in a minute or more.
     */
    post: {
      parameters: {};
      requestBody: {
        content: {
          'application/json': ProjectionRequest;
        };
      };
      responses: {
        202: {
          content: {
            'application/json': Job;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        413: {
          content: {
            'application/problem+json': Problem;
          };
        };
        415: {
          content: {
            'application/problem+json': Problem;
          };
        };
        422: {
          content: {
            'application/problem+json': Problem;
          };
        };
        503: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/projections/{name}': {
    /**
     * How many training points are in each cell of a grid over a region of a projection.
     */
    get: {
      parameters: {
        path: {
          name: string;
        };
        query?: {
          x0?: string;
          x1?: string;
          y0?: string;
          y1?: string;
          /**
           * Cells across, by default 128; there are as many up.
           */
          columns?: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': DensityImage;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/projections/{name}/queries': {
    /**
     * Where the queries of a set are in a projection; by default those of the first set.
     */
    get: {
      parameters: {
        path: {
          name: string;
        };
        query?: {
          set?: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': ProjectedQueries;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/projections/{name}/texts': {
    /**
     * The training texts nearest to a place of a projection.
     */
    get: {
      parameters: {
        path: {
          name: string;
        };
        query: {
          x: string;
          y: string;
          corpus?: string;
          /**
           * By default 5.
           */
          texts?: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Place;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/measurements': {
    /**
     * Measures the density of corpora at every query of a set, as a job.
     */
    post: {
      parameters: {};
      requestBody: {
        content: {
          'application/json': MeasurementRequest;
        };
      };
      responses: {
        202: {
          content: {
            'application/json': Job;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        413: {
          content: {
            'application/problem+json': Problem;
          };
        };
        415: {
          content: {
            'application/problem+json': Problem;
          };
        };
        422: {
          content: {
            'application/problem+json': Problem;
          };
        };
        503: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/jobs': {
    /**
     * The jobs, newest first.
     */
    get: {
      parameters: {
        query?: {
          /**
           * A column; "-" before it for the largest first. Rows without a value come last.
           */
          sort?:
            | 'id'
            | '-id'
            | 'kind'
            | '-kind'
            | 'status'
            | '-status'
            | 'request'
            | '-request'
            | 'result'
            | '-result'
            | 'error'
            | '-error'
            | 'created'
            | '-created'
            | 'started'
            | '-started'
            | 'ended'
            | '-ended'
            | 'progress'
            | '-progress';
          /**
           * Rows of a page of JSON, by default 100.
           */
          limit?: string;
          /**
           * `next` of the page before.
           */
          cursor?: string;
          /**
           * By default what Accept asks for; all but JSON have all rows at once.
           */
          format?: 'json' | 'csv' | 'jsonl' | 'parquet';
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              rows: Job[];
              /**
               * Rows of all pages.
               */
              total: number;
              /**
               * The cursor of the next page; null on the last.
               */
              next: string | null;
            };
            'text/csv': string;
            'application/x-ndjson': Job;
            'application/vnd.apache.parquet': string;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/jobs/{id}': {
    /**
     * A job: its status, progress and result.
     */
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Job;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
    /**
     * Cancels a job; one that has ended stays as it is.
     */
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Job;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
  '/jobs/{id}/events': {
    /**
     * Every change of a job as a server-sent event, until it has ended.
     */
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'text/event-stream': Job;
          };
        };
        400: {
          content: {
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/problem+json': Problem;
          };
        };
        403: {
          content: {
            'application/problem+json': Problem;
          };
        };
        404: {
          content: {
            'application/problem+json': Problem;
          };
        };
      };
    };
  };
}
export interface Study {
  name: string;
  corpora: Corpus[];
  querySets: QuerySet[];
  runs: Run[];
  measurements: Measurement[];
  /**
   * Newest first.
   */
  reports: Report[];
  /**
   * The words of the newest report, a paragraph each; empty without a report.
   */
  words: string[];
}
export interface Corpus {
  name: string;
  role: 'pretrain' | 'finetune' | 'intervention';
  embedder: string;
  dims: number;
  documents: number;
  heldOut: number;
  chunks: number;
  /**
   * Chunks whose text stands in an earlier chunk too.
   */
  duplicates: number;
  sources: number;
  precision: 'fp32' | 'fp16';
}
export interface QuerySet {
  id: number;
  name: string;
  embedder: string;
  dims: number;
  queries: number;
}
/**
 * A model whose losses on the queries are known.
 */
export interface Run {
  name: string;
  scorer: string;
  covariates: {
    [k: string]: number | string;
  };
}
/**
 * The settings under which the densities of a query set were estimated.
 */
export interface Measurement {
  id: number;
  name: string;
  querySetId: number;
  corpora: string[];
  kernel: string;
  bandwidth: number;
  bandwidthRule: string;
  estimator: string;
  /**
   * How the estimator was chosen.
   */
  estimatorRule: string;
  /**
   * Half the width of the 95 % interval, relative to the density, that was asked for.
   */
  relativeError: number | null;
  /**
   * Share of the training points that could be looked at, per query.
   */
  budget: number | null;
  seed: number;
  /**
   * Training points behind every density, n.
   */
  points: number;
}
export interface Report {
  name: string;
  /**
   * ISO 8601; null where its report.json cannot be read.
   */
  made: string | null;
  /**
   * Whether there is a report.html.
   */
  html: boolean;
}
/**
 * An error (RFC 9457).
 */
export interface Problem {
  /**
   * Stable: `urn:densimeter:problem:` and a word for the kind of problem.
   */
  type: string;
  title: string;
  status: number;
  detail: string;
  /**
   * The parameter, header or field that was wrong.
   */
  field?: string;
  /**
   * What it held.
   */
  value?: string;
}
export interface DensityRequest {
  /**
   * @minItems 1
   * @maxItems 10000
   */
  texts?: [string, ...string[]];
  /**
   * Vectors of the corpora’s embedder; they are brought to length 1.
   *
   * @minItems 1
   * @maxItems 10000
   */
  vectors?: [[number, ...number[]], ...[number, ...number[]][]];
  /**
   * By default all that the embedder of the first one embedded.
   *
   * @minItems 1
   * @maxItems 64
   */
  corpora?: [string, ...string[]];
  kernel?: 'exponential' | 'gaussian' | 'vmf';
  /**
   * h, in units of distance on the unit sphere; by default that of the calibration or of the newest measurement.
   */
  bandwidth?: number;
  estimator?: 'auto' | 'exact' | 'stratified' | 'int8' | 'deann' | 'rsp';
  /**
   * Half the width of the 95 % interval, relative to f, at which an estimator that draws stops.
   */
  relativeError?: number;
  /**
   * Share of the points that an estimator that draws may look at, per query.
   */
  budget?: number;
  seed?: number;
  /**
   * Nearest training texts to name.
   */
  neighbours?: number;
  /**
   * Other bandwidths to know the density at too.
   *
   * @maxItems 64
   */
  curve?: number[];
  /**
   * Documents that hold most of the density to name.
   */
  documents?: number;
  /**
   * A projection to place the queries in.
   */
  projection?: string;
  /**
   * False for densities alone, without shares, documents and neighbours, which is faster.
   */
  attribution?: boolean;
}
export interface DensityAnswer {
  corpora: string[];
  embedder: string;
  kernel: string;
  bandwidth: number;
  bandwidthRule: string;
  estimator: string;
  /**
   * How the estimator was chosen.
   */
  estimatorRule: string;
  /**
   * Training points, n.
   */
  points: number;
  /**
   * From the request to the answer.
   */
  milliseconds: number;
  /**
   * One a query, in order.
   */
  densities: AskedDensity[];
}
export interface AskedDensity {
  /**
   * Null where a vector was asked about.
   */
  text: string | null;
  /**
   * log10 of f = (1/n) Σ K
   */
  log10Density: number | null;
  /**
   * of the 95 % interval
   */
  log10Low: number | null;
  log10High: number | null;
  /**
   * Share of the training points that were looked at.
   */
  touched: number;
  /**
   * (Σk)²/Σk²
   */
  effectiveSamples: number | null;
  /**
   * Share of the corpora’s own sampled points that are less dense; null without a calibration at this bandwidth.
   */
  percentile: number | null;
  /**
   * Largest share first.
   */
  sources: {
    corpus: string;
    source: string;
    share: number;
    standardError: number;
    /**
     * What log10 density would change by without the source.
     */
    without: number | null;
  }[];
  documents: {
    corpus: string;
    document: string;
    share: number;
    cumulative: number;
  }[];
  curve: BandwidthDensity[];
  /**
   * Its x and y in the projection asked for; null without one.
   */
  place: number[] | null;
  /**
   * Nearest first.
   */
  neighbours: NearText[];
}
export interface BandwidthDensity {
  bandwidth: number;
  log10Density: number | null;
  /**
   * log10 density is off by at most this; null where nothing can be promised.
   */
  errorBound: number | null;
}
export interface NearText {
  corpus: string;
  source: string;
  document: string;
  text: string;
  /**
   * On the unit sphere, 0 to 2.
   */
  distance: number;
  /**
   * Of the query’s density.
   */
  share: number;
}
export interface NeighboursRequest {
  /**
   * @minItems 1
   * @maxItems 10000
   */
  texts?: [string, ...string[]];
  /**
   * Vectors of the corpora’s embedder; they are brought to length 1.
   *
   * @minItems 1
   * @maxItems 10000
   */
  vectors?: [[number, ...number[]], ...[number, ...number[]][]];
  /**
   * By default all that the embedder of the first one embedded.
   *
   * @minItems 1
   * @maxItems 64
   */
  corpora?: [string, ...string[]];
  kernel?: 'exponential' | 'gaussian' | 'vmf';
  /**
   * h, in units of distance on the unit sphere; by default that of the calibration or of the newest measurement.
   */
  bandwidth?: number;
  estimator?: 'auto' | 'exact' | 'stratified' | 'int8' | 'deann' | 'rsp';
  /**
   * Half the width of the 95 % interval, relative to f, at which an estimator that draws stops.
   */
  relativeError?: number;
  /**
   * Share of the points that an estimator that draws may look at, per query.
   */
  budget?: number;
  seed?: number;
  /**
   * Nearest training texts to name.
   */
  neighbours?: number;
}
export interface NeighboursAnswer {
  corpora: string[];
  embedder: string;
  kernel: string;
  bandwidth: number;
  bandwidthRule: string;
  estimator: string;
  /**
   * How the estimator was chosen.
   */
  estimatorRule: string;
  /**
   * Training points, n.
   */
  points: number;
  /**
   * From the request to the answer.
   */
  milliseconds: number;
  queries: {
    text: string | null;
    neighbours: NearText[];
  }[];
}
/**
 * `measurement` and `run` are null where the study has none yet.
 */
export interface Points {
  measurement: Measurement & ({} | null);
  run: string | null;
  points: Point[];
}
/**
 * One query: how supported it is, and how surprising to the run.
 */
export interface Point {
  id: number;
  kind: string;
  source: string;
  document: string;
  /**
   * log10 of the kernel mean; null where no kernel is above what float64 can say.
   */
  log10Density: number | null;
  low: number | null;
  high: number | null;
  effectiveSamples: number;
  /**
   * nats a token
   */
  loss: number | null;
  tokens: number | null;
  perplexity: number | null;
  /**
   * The first 120 characters of the text.
   */
  excerpt: string;
}
export interface Query {
  id: number;
  key: string;
  kind: string;
  source: string;
  document: string;
  text: string;
  /**
   * Null where the query's set has not been measured.
   */
  density: {
    measurement: Measurement;
    /**
     * log10 of the kernel mean; null where no kernel is above what float64 can say.
     */
    log10Density: number | null;
    low: number | null;
    high: number | null;
    effectiveSamples: number;
    /**
     * Share of the training points that were looked at.
     */
    touched: number;
    /**
     * Share of the corpora’s own sampled points that are less dense; null without a calibration at this bandwidth.
     */
    percentile: number | null;
  } | null;
  shares: {
    corpus: Share[];
    source: Share[];
    document: Share[];
  };
  /**
   * Density against bandwidth, with the measurement's kernel, smallest bandwidth first; empty where it was not swept.
   */
  curve: BandwidthDensity[];
  /**
   * What the nearest points hold of the density; empty where that was not measured.
   */
  topShares: TopShare[];
  /**
   * What other measures say: `nearest distance` and `knn log10 density`; empty where no neighbours were kept.
   */
  controls: {
    [k: string]: number | null;
  };
  /**
   * Nearest first.
   */
  neighbours: Neighbour[];
  outcomes: Outcome[];
}
export interface Share {
  corpus: string;
  label: string;
  share: number;
  /**
   * Of the share; 0 where it is exact.
   */
  standardError: number;
}
/**
 * The share of a density that the nearest points hold.
 */
export interface TopShare {
  /**
   * A number of points, or below 1 a share of all.
   */
  top: number;
  k: number;
  share: number;
  low: number;
  high: number;
}
export interface Neighbour {
  corpus: string;
  row: number;
  /**
   * On the unit sphere, 0 to 2.
   */
  distance: number;
  share: number;
  source: string;
  document: string;
  meta: {
    [k: string]: unknown;
  };
  text: string;
}
export interface Outcome {
  run: string;
  /**
   * nats, summed over the query's tokens
   */
  nll: number | null;
  tokens: number | null;
  /**
   * nats a token
   */
  loss: number | null;
  perplexity: number | null;
}
/**
 * Long work that was asked for, and what became of it.
 */
export interface Job {
  id: string;
  kind: string;
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  request?: unknown;
  /**
   * What it made; null until it is done.
   */
  result?: {
    [k: string]: unknown;
  };
  /**
   * Why it failed, in words.
   */
  error: string | null;
  created: string;
  started: string | null;
  ended: string | null;
  /**
   * How far it is; null where that is not known.
   */
  progress: {
    step: string;
    done: number;
    total?: number | null;
    unit: string;
  } | null;
}
export interface QueryRow {
  id: number;
  querySet: string;
  key: string;
  kind: string;
  document: string;
  source: string;
  text: string;
  /**
   * At the measurement asked for; null without one.
   */
  log10Density: number | null;
  low: number | null;
  high: number | null;
  effectiveSamples: number | null;
  /**
   * Of the run asked for, nats a token; null without one.
   */
  loss: number | null;
}
export interface OutcomeRow {
  /**
   * run, query id and metric
   */
  id: string;
  run: string;
  queryId: number;
  key: string;
  /**
   * `nll` (nats, a sum), `tokens`, `loss` (nats a token), `correct` (0 or 1), …
   */
  metric: string;
  value: number;
}
export interface Document {
  corpus: string;
  key: string;
  source: string;
  split: 'train' | 'held-out';
  meta: {
    [k: string]: unknown;
  };
  text: string;
  /**
   * Where its chunks are in the text, in UTF-16 code units, and their rows among the vectors.
   */
  chunks: {
    row: number;
    start: number;
    end: number;
  }[];
}
/**
 * Which sources support which subjects of a query set.
 */
export interface Coverage {
  measurement: Measurement;
  querySet: string;
  /**
   * The field of a query that is its subject.
   */
  by: 'kind' | 'subject' | 'source' | 'document';
  /**
   * What a mean share is: of the queries' shares, or the share of their summed density.
   */
  weigh: 'queries' | 'density';
  matrix: {
    /**
     * Columns, largest share of all queries first.
     */
    sources: {
      corpus: string;
      source: string;
      points: number;
    }[];
    /**
     * The sources without a column.
     */
    others: {
      sources: number;
      points: number;
    };
    all: Support;
    /**
     * Rows, the least supported first.
     */
    subjects: SubjectSupport[];
  };
  /**
   * The least supported first.
   */
  leastSupported: LeastSupported[];
  documents: {
    /**
     * Different documents that were kept for any query.
     */
    kept: number;
    /**
     * What they hold in all.
     */
    share: number;
    /**
     * Largest share first; a share is at least this, for only the first few documents of every query were kept.
     */
    top: SupportingDocument[];
  };
}
export interface Support {
  queries: number;
  log10Density: {
    q1: number | null;
    median: number | null;
    q3: number | null;
  };
  /**
   * One a column.
   */
  shares: number[];
  /**
   * Of all sources without a column.
   */
  others: number;
  /**
   * One a column: the median of what log10 density would change by without the source; null where nothing is left.
   */
  without: (number | null)[];
}
export interface SubjectSupport {
  queries: number;
  log10Density: {
    q1: number | null;
    median: number | null;
    q3: number | null;
  };
  /**
   * One a column.
   */
  shares: number[];
  /**
   * Of all sources without a column.
   */
  others: number;
  /**
   * One a column: the median of what log10 density would change by without the source; null where nothing is left.
   */
  without: (number | null)[];
  subject: string;
}
export interface LeastSupported {
  id: number;
  key: string;
  subject: string;
  text: string;
  log10Density: number | null;
  /**
   * Share of the sampled training points that are less dense; null without a calibration at this bandwidth.
   */
  percentile: number | null;
  topSource: {
    corpus: string;
    source: string;
    share: number;
  };
  nearest: {
    corpus: string;
    source: string;
    document: string;
    text: string;
    distance: number;
  } | null;
}
export interface SupportingDocument {
  corpus: string;
  document: string;
  share: number;
  cumulative: number;
  /**
   * Queries that it was kept for.
   */
  queries: number;
  /**
   * Queries of which it holds more than any other document.
   */
  leads: number;
}
export interface ReportRow {
  name: string;
  study: string;
  /**
   * ISO 8601; null where its report.json cannot be read.
   */
  made: string | null;
  /**
   * Whether there is a report.html.
   */
  html: boolean;
}
export interface ReportRequest {
  /**
   * Its name and folder; one of that name is replaced.
   */
  name?: string;
  /**
   * Names, in which * stands for any letters; by default all that no intervention trained.
   *
   * @maxItems 10000
   */
  runs?: string[];
  /**
   * The headline is about the first; by default the only one that is measured.
   *
   * @minItems 1
   * @maxItems 1000
   */
  querySets?: [string, ...string[]];
  measurement?: string;
  /**
   * The covariate of runs that density may work with: its size.
   */
  across?: string;
  groupBy?: 'document' | 'source';
  folds?: number;
  seed?: number;
}
export interface RegressionRow {
  /**
   * query set, run, metric, kernel and model
   */
  id: string;
  querySet: string;
  run: string;
  metric: string;
  /**
   * Of the metric.
   */
  unit: string;
  kernel: string;
  bandwidth: number;
  /**
   * What density stands beside: `density` alone, `length`, `all controls`, …
   */
  model: string;
  n: number;
  groups: number;
  mean: number;
  /**
   * Units of the metric for ten times the density; errors by group (CR1).
   */
  slope: number;
  slopeError: number;
  slopeLow: number;
  slopeHigh: number;
  pValue: number;
  /**
   * By Benjamini and Hochberg, for all regressions of the report.
   */
  adjustedPValue: number;
  r2: number;
  partialR2: number;
  controlsOutOfSampleR2: number | null;
  outOfSampleR2: number | null;
  /**
   * What density adds to the out-of-sample R².
   */
  gain: number | null;
  gainLow: number | null;
  gainHigh: number | null;
  gainPValue: number | null;
}
export interface FitRequest {
  /**
   * The query set.
   */
  set: string;
  run: string;
  /**
   * `loss`, `bits_per_byte`, `correct`, or any that the run has.
   */
  metric?: string;
  /**
   * `log10_density` (needs a measurement) and names of controls: `words`, `unigram_cross_entropy`, …; `log(…)` of one.
   *
   * @minItems 1
   * @maxItems 30
   */
  terms: [string, ...string[]];
  measurement?: number;
  errors?: 'HC3' | 'cluster' | 'classical';
  /**
   * Of cluster errors.
   */
  groupBy?: 'document' | 'source' | 'kind';
  filter?: {
    kind?: string;
    source?: string;
    document?: string;
    /**
     * Queries, such as those of a selection.
     *
     * @minItems 1
     * @maxItems 100000
     */
    ids?: [number, ...number[]];
  };
}
/**
 * A least-squares regression.
 */
export interface Fit {
  outcome: string;
  unit: string;
  n: number;
  /**
   * Queries of the filter that lack a value, and are left out.
   */
  left: number;
  groups: number | null;
  errors: 'HC3' | 'cluster' | 'classical';
  coefficients: {
    name: string;
    estimate: number;
    standardError: number;
    /**
     * 95 %
     */
    low: number;
    high: number;
    pValue: number;
  }[];
  /**
   * Terms that were left out.
   */
  dropped: {
    name: string;
    reason: 'constant' | 'collinear';
  }[];
  r2: number;
  adjustedR2: number;
  residualStandardError: number;
}
/**
 * An experiment on the training data, as it was designed.
 */
export interface InterventionRow {
  name: string;
  querySet: string;
  seed: number;
  paraphraser: string;
  arms: {
    name: string;
    kind: 'control' | 'exact' | 'paraphrase' | 'placebo' | 'unrelated' | 'untouched';
    dose: number;
    queries: number;
    /**
     * Texts that were leaked.
     */
    texts: number;
  }[];
  /**
   * Paraphrases that were thrown away, by why.
   */
  rejected: {
    [k: string]: number;
  };
  /**
   * Paraphrases that could not be had.
   */
  missing: number;
}
/**
 * The training text that is most like a leak of a query.
 */
export interface LeakRow {
  /**
   * search and query id
   */
  id: string;
  querySet: string;
  corpora: string[];
  queryId: number;
  key: string;
  kind: string;
  /**
   * Standard deviations above what training texts are to each other.
   */
  score: number;
  suspected: boolean;
  /**
   * Cosine of the two vectors.
   */
  similarity: number;
  /**
   * Of the density, what this text holds.
   */
  share: number;
  /**
   * Words that both have, weighed by rarity.
   */
  words: number;
  /**
   * Word 4-grams that both have, of the shorter text.
   */
  copied: number;
  corpus: string;
  document: string;
  /**
   * The query's.
   */
  text: string;
  /**
   * The training text.
   */
  nearest: string;
}
/**
 * Corpora and query sets in two dims.
 */
export interface Projection {
  id: number;
  name: string;
  method: string;
  landmarks: number;
  neighbours: number;
  seed: number;
  /**
   * Share of the variance along each direction; null for UMAP.
   */
  variance: number[] | null;
  extent: {
    x: number[];
    y: number[];
  };
  /**
   * Words that tell the texts around a place from the others.
   */
  labels: {
    x: number;
    y: number;
    words: string[];
    landmarks: number;
  }[];
  corpora: {
    name: string;
    points: number;
    stale: boolean;
  }[];
  querySets: {
    name: string;
    queries: number;
  }[];
  made: string;
}
export interface ProjectionRequest {
  method?: 'pca' | 'umap';
  /**
   * By default the method; a projection of that name is replaced.
   */
  name?: string;
  /**
   * @minItems 1
   * @maxItems 64
   */
  corpora?: [string, ...string[]];
  /**
   * Training points that the directions, or the layout, are computed from.
   */
  landmarks?: number;
  /**
   * Of UMAP.
   */
  neighbours?: number;
  seed?: number;
}
/**
 * How many training points are in each cell of a grid.
 */
export interface DensityImage {
  projection: Projection;
  /**
   * What the image shows; by default all of it.
   */
  region: {
    x: number[];
    y: number[];
  };
  columns: number;
  rows: number;
  corpora: {
    name: string;
    /**
     * Within the region.
     */
    points: number;
    /**
     * `(rows, columns)` row-major, from the least x and y.
     */
    counts: number[];
  }[];
}
export interface ProjectedQueries {
  querySet: string;
  queries: {
    id: number;
    x: number;
    y: number;
  }[];
}
/**
 * The training texts nearest to a place of a projection, nearest first.
 */
export interface Place {
  texts: {
    corpus: string;
    source: string;
    document: string;
    text: string;
    x: number;
    y: number;
  }[];
}
export interface MeasurementRequest {
  querySet: string;
  /**
   * What the measurement is called; one of that name is replaced.
   */
  name?: string;
  /**
   * By default all of the set's embedder.
   *
   * @minItems 1
   * @maxItems 64
   */
  corpora?: [string, ...string[]];
  kernel?: 'exponential' | 'gaussian' | 'vmf' | 'laplacian';
  /**
   * h, or the rule that chooses it.
   */
  bandwidth?: number | ('auto' | 'likelihood');
  /**
   * What the median query is to rest on where the bandwidth is `auto`.
   */
  effectiveSamples?: number;
  /**
   * @maxItems 64
   */
  curve?: number[];
  /**
   * Keep the density at 16 bandwidths around it too.
   */
  sweep?: boolean;
  estimator?: 'auto' | 'exact' | 'stratified' | 'int8' | 'deann' | 'rsp';
  relativeError?: number;
  budget?: number;
  neighbours?: number;
  seed?: number;
}
