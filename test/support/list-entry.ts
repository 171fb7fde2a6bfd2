import { consumerInfo, readFixtures } from './consumer-info.js';

export type ListEntry = Readonly<Record<string, unknown>>;

/** A consumer info as it stands in a list: there the type is missing. */
export function listEntry(consumer: string, changes: ListEntry = {}): ListEntry {
  return withoutType(consumerInfo({ stream: 'S', consumer }, changes));
}

/** Of consumers in all kinds of states on all server versions. */
export async function readListEntries(): Promise<ListEntry[]> {
  const texts = [...(await readFixtures()).values()];
  return texts.map((text) => withoutType(JSON.parse(text) as ListEntry));
}

function withoutType(info: ListEntry): ListEntry {
  return Object.fromEntries(Object.entries(info).filter(([key]) => key !== 'type'));
}
