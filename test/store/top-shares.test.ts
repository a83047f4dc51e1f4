import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  openStudy,
  queriesOf,
  replaceMeasurement,
  replaceQuerySet,
  replaceTopShares,
  type Study,
  sharesOfTop,
  topSharesOf,
} from '../../store/index.js';
import { tempFolder } from '../support/temp-folder.js';

const MEASUREMENT = {
  ...{ name: 'm', corpora: ['c'], kernel: 'vmf', bandwidth: 0.5, bandwidthRule: 'given', points: 50 },
  ...{ estimator: 'exact', estimatorRule: 'given', relativeError: null, budget: null, seed: 1 },
};
const TWO_PERCENT = { top: 0.02, k: 1, share: 0.25, low: 0.24, high: 0.26 };
const HUNDRED = { top: 100, k: 50, share: 1, low: 1, high: 1 };

let study: Study;
let ids: number[];
let measurement: number;

beforeEach(() => {
  study = openStudy(tempFolder(), { write: true });
  const { id } = replaceQuerySet(
    study.db,
    { name: 'q', embedder: 'e', fingerprint: 'f', dims: 8 },
    ['a', 'b'].map((key) => ({ key, kind: 'test', document: 'd', source: 's', text: key })),
  );
  ids = queriesOf(study.db, id).map((query) => query.id);
  measurement = replaceMeasurement(study.db, { ...MEASUREMENT, querySetId: id }, []).id;
  replaceTopShares(study.db, measurement, [
    { queryId: ids[0]!, shares: [HUNDRED, TWO_PERCENT] },
    { queryId: ids[1]!, shares: [{ ...TWO_PERCENT, share: 0.245 }] },
  ]);
});

afterEach(() => study.close());

test('are read by query, the fewest points first, and by top', () => {
  expect(topSharesOf(study.db, measurement, ids[0]!)).toEqual([TWO_PERCENT, HUNDRED]);
  expect(topSharesOf(study.db, measurement + 1, ids[0]!)).toEqual([]);
  expect(sharesOfTop(study.db, measurement, 0.02)).toEqual(
    new Map([
      [ids[0], TWO_PERCENT],
      [ids[1], { ...TWO_PERCENT, share: 0.245 }],
    ]),
  );
});

test('are replaced as a whole, and go with their measurement', () => {
  replaceTopShares(study.db, measurement, [{ queryId: ids[1]!, shares: [HUNDRED] }]);
  expect(sharesOfTop(study.db, measurement, 0.02).size).toBe(0);
  expect(topSharesOf(study.db, measurement, ids[1]!)).toEqual([HUNDRED]);
  study.db.prepare('DELETE FROM measurements').run();
  expect(study.db.prepare('SELECT count(*) FROM top_shares').pluck().get()).toBe(0);
});
