import { countOf, isJsonObject, textOf } from './json-fields.js';
import type { JsonObject } from './json-fields.js';
import { ReadProblem } from './read-problem.js';

/** One page of a stream's consumers. */
export interface ConsumerPage {
  /** Of the whole list. */
  readonly total: number;
  /** Consumer infos as they came; not checked yet. */
  readonly consumers: readonly JsonObject[];
  /** Consumers that exist and did not answer the server in time (`missing`, in newer versions `offline` too). */
  readonly unanswered: readonly string[];
}

/** The server's own size of a page; the offset moves by it and not by what came, because a page may have gaps. */
const PAGE = 256;

/**
 * Reads the consumer list of a stream page by page, one at a time: a second page outstanding would be parsed in the
 * same turn and hold up the event loop.
 *
 * @param askPage asks for the page that begins with this consumer of the list
 * @param onPage called with each page as it comes
 * @returns the length of the list
 * @throws ReadProblem, AbsentError
 */
export async function readConsumerPages(
  askPage: (offset: number) => Promise<JsonObject>,
  onPage: (page: ConsumerPage) => void,
): Promise<number> {
  let total = 0;
  for (let offset = 0; offset === 0 || offset < total; offset += PAGE) {
    const page = pageOf(await askPage(offset));
    ({ total } = page);
    onPage(page);
  }
  return total;
}

function pageOf(answer: JsonObject): ConsumerPage {
  const total = countOf(answer.total);
  const consumers = answer.consumers ?? [];
  if (total === undefined || !Array.isArray(consumers)) throw new ReadProblem('malformed');
  return {
    total,
    consumers: (consumers as unknown[]).filter(isJsonObject),
    unanswered: [...namesIn(answer.missing), ...namesIn(answer.offline)],
  };
}

/** A list of names, or a map with the names as its keys. */
function namesIn(value: unknown): string[] {
  const names: readonly unknown[] = Array.isArray(value)
    ? value
    : isJsonObject(value)
      ? Object.keys(value)
      : [];
  return names.map(textOf).filter((name) => name !== undefined);
}
