import type { ConsumerPage } from './consumer-page.js';

/** The server's own size of a page; the offset moves by it and not by what came, because a page may have gaps. */
const PAGE = 256;

/**
 * Reads the consumer list of a stream page by page, one at a time: a second page outstanding would be read in the
 * same turn and hold up the event loop.
 *
 * @param askPage asks for the page that begins with this consumer of the list; rejects with ReadProblem or AbsentError
 * @param onPage called with each page as it comes
 * @returns the length of the list
 */
export async function readConsumerPages(
  askPage: (offset: number) => Promise<ConsumerPage>,
  onPage: (page: ConsumerPage, offset: number) => void,
): Promise<number> {
  let total = 0;
  for (let offset = 0; offset === 0 || offset < total; offset += PAGE) {
    const page = await askPage(offset);
    ({ total } = page);
    onPage(page, offset);
  }
  return total;
}
