/**
 * A file that is read while the program runs.
 *
 * @param path from src/, which is the same as from dist/: the built program has all its modules at the top of it
 */
export function shippedFile(path: string): URL {
  return new URL(path, import.meta.url);
}
