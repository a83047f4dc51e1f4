"""Makes goldfish.json: masks by the published rule (Hans et al. 2024), in numpy. Run: /usr/bin/python3 make_goldfish.py > goldfish.json

PyTorch's CPU generator is MT19937 seeded as numpy's legacy seeding does, and its float32 uniforms are the low 24 bits of a
number; products of int64 tensors wrap, as numpy's do, and the remainder is that of Python.
"""
import json
import warnings

import numpy as np

warnings.simplefilter("ignore")
SIZE, SEED = 1_000_003, 2971215073
generator = np.random.MT19937()
generator._legacy_seeding(SEED)
table = ((generator.random_raw(SIZE).astype(np.uint64) & np.uint64(2**24 - 1)).astype(np.float64) / 2**24).astype(np.float32)


def hashed(ids, k, context):
    ids = np.array(ids, dtype=np.int64)
    mask = np.ones(len(ids), dtype=int)
    for end in range(context, len(ids) + 1):
        key = np.remainder(np.prod(ids[end - context : end], dtype=np.int64), np.int64(SIZE))
        if table[key] < np.float32(1 / k):
            mask[end - 1] = 0
    return mask.tolist()


random = np.random.default_rng(3)
cases = []
for k, context, largest in [(4, 13, 50_000), (3, 13, 32_000), (8, 4, 150_000), (2, 1, 8000), (4, 32, 8000)]:
    ids = random.integers(1, largest, 200)
    ids[50:53] = 0
    ids[100:130] = ids[20:50]
    cases.append({"k": k, "context": context, "ids": ids.tolist(), "mask": hashed(ids, k, context)})
print(json.dumps({"table": {str(i): float(table[i]) for i in [0, 1, 2, 999, 500_000, SIZE - 1]}, "cases": cases}))
