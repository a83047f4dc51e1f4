/** Groups of 0 … n − 1 that can be joined. */
export interface Groups {
  areOne(a: number, b: number): boolean;
  join(a: number, b: number): void;
  /** The groups of two or more, by their first members, each in ascending order. */
  list(): number[][];
}

/** Groups of which each of 0 … n − 1 is one to begin with: union-find with path halving. */
export function openGroups(n: number): Groups {
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const rootOf = (member: number) => {
    let root = member;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };
  return {
    areOne: (a, b) => rootOf(a) === rootOf(b),
    join(a, b) {
      // The lesser root stays, so that a group's root is its first member.
      const [x, y] = [rootOf(a), rootOf(b)];
      parent[Math.max(x, y)] = Math.min(x, y);
    },
    list() {
      const members = new Map<number, number[]>();
      for (let i = 0; i < n; i++) {
        const root = rootOf(i);
        const group = members.get(root);
        if (group) group.push(i);
        else if (i === root) members.set(root, [i]);
      }
      return [...members.values()].filter(({ length }) => length > 1);
    },
  };
}
