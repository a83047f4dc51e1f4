/**
 * For `describe.skipIf(skipping(what, reason))`: whether there is a reason to skip, which it prints.
 *
 * @param what the tests that are skipped, in a few words
 * @param reason what is absent; undefined where nothing is
 */
export function skipping(what: string, reason: string | undefined): boolean {
  if (reason !== undefined) console.warn(`Skipped: ${what}: ${reason}`);
  return reason !== undefined;
}
